/** Maps data to pixels, and says where marks go. */
export interface Scale {
  readonly toPixel: (value: number) => number;
  readonly ticks: readonly number[];
}

interface ScaleInput {
  /** Least and greatest value; finite. */
  readonly domain: readonly [number, number];
  /** Pixels at these two. */
  readonly range: readonly [number, number];
}

/** Even steps. */
export function linearScale({ domain: [low, high], range: [start, end] }: ScaleInput): Scale {
  const width = high - low || 1;
  return {
    toPixel: (value) => start + ((value - low) / width) * (end - start),
    ticks: linearTicks(low, low + width),
  };
}

/** Even factors; values at or below 0 are drawn at the lower end. */
export function logScale({ domain: [low, high], range: [start, end] }: ScaleInput): Scale {
  const [first, last] = [
    Math.floor(Math.log10(low)),
    Math.max(Math.ceil(Math.log10(high)), Math.floor(Math.log10(low)) + 1),
  ];
  const step = Math.max(1, Math.ceil((last - first) / 8));
  const decades = Array.from({ length: Math.floor((last - first) / step) + 1 }, (_, i) => 10 ** (first + i * step));
  return {
    toPixel: (value) => {
      const share = value > 0 ? (Math.log10(value) - first) / (last - first) : 0;
      return start + Math.min(Math.max(share, 0), 1) * (end - start);
    },
    ticks: decades,
  };
}

/** Four to nine round numbers: multiples of 1, 2 or 5 times a power of ten. */
function linearTicks(low: number, high: number): number[] {
  const raw = (high - low) / 6;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= raw)!;
  const first = Math.ceil(low / step);
  const count = Math.floor(high / step + 1e-9) - first + 1;
  return Array.from({ length: count }, (_, i) => (first + i) * step);
}
