import { drawRotation, type Instance, type Landscape } from "./instance.js";
import { uniforms } from "./random.js";
import { along, multiply, oscillate, penalty } from "./transforms.js";

/** f21: 101 peaks at random places, one of them the highest. */
export function gallagher101(instance: Instance): Landscape {
  return gallagher(instance, { count: 101, topCondition: Math.sqrt(1000), halfWidth: 5 });
}

/** f22: 21 peaks, the highest one narrow. */
export function gallagher21(instance: Instance): Landscape {
  return gallagher(instance, { count: 21, topCondition: 1000, halfWidth: 4.9 });
}

interface Peaks {
  readonly count: number;
  /** Square root of the condition number of the highest peak. */
  readonly topCondition: number;
  /** Centres lie in ±halfWidth. */
  readonly halfWidth: number;
}

function gallagher({ dimensions: d, seed }: Instance, peaks: Peaks): Landscape {
  const { count } = peaks;
  const rotation = drawRotation(d, seed);
  const scales = drawScales(d, seed, peaks);
  const drawn = uniforms(d * count, seed).map((u) => 2 * peaks.halfWidth * u - peaks.halfWidth);
  const optimum = drawn.slice(0, d).map((x) => 0.8 * x); // the highest peak is kept off the border
  const centres = new Float64Array(count * d);
  for (let peak = 0; peak < count; peak++) {
    const centre = peak === 0 ? optimum : drawn.slice(peak * d, (peak + 1) * d);
    multiply(rotation, centre, centres.subarray(peak * d, (peak + 1) * d));
  }
  const turned = new Float64Array(d);
  return {
    optimum,
    value: (x) => {
      multiply(rotation, x, turned);
      let highest = 0;
      for (let peak = 0; peak < count; peak++) {
        let distance = 0;
        for (let i = 0; i < d; i++) {
          distance += scales[peak * d + i]! * (turned[i]! - centres[peak * d + i]!) ** 2;
        }
        highest = Math.max(highest, heightOf(peak, count) * Math.exp((-0.5 / d) * distance));
      }
      return oscillate(10 - highest) ** 2 + penalty(x);
    },
  };
}

function heightOf(peak: number, count: number): number {
  return peak === 0 ? 10 : 1.1 + (8 * (peak - 1)) / (count - 2);
}

/** How steep each peak is along each coordinate, shape (count × d). Conditions and coordinates are permuted. */
function drawScales(d: number, seed: number, { count, topCondition }: Peaks): Float64Array {
  const order = orderOf(uniforms(count - 1, seed));
  const scales = new Float64Array(count * d);
  for (let peak = 0; peak < count; peak++) {
    const condition = peak === 0 ? topCondition : 1000 ** (order[peak - 1]! / (count - 2));
    const coordinates = orderOf(uniforms(d, seed + 1000 * peak));
    for (let i = 0; i < d; i++) scales[peak * d + i] = condition ** (along(coordinates[i]!, d) - 0.5);
  }
  return scales;
}

/** Indices in the order of their values. */
function orderOf(values: Float64Array): number[] {
  return [...values.keys()].sort((a, b) => values[a]! - values[b]!);
}
