import { linearScale, logScale, type Scale } from "./scale.js";

/** A line with a band around it. */
export interface Series {
  readonly label: string;
  readonly points: readonly {
    readonly x: number;
    readonly y: number;
    readonly lower?: number;
    readonly upper?: number;
  }[];
}

export interface LineChart {
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
  /** Draw the vertical axis by powers of ten; for values above 0. */
  readonly isLog?: boolean;
  /** The same for the horizontal axis. */
  readonly isLogAcross?: boolean;
  readonly series: readonly Series[];
}

/** Okabe and Ito's colours, which colour-blind people can tell apart. https://jfly.uni-koeln.de/color/ */
const colours = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000", "#999933"];

const size = { width: 720, height: 440, left: 80, right: 190, top: 40, bottom: 55 };

/** Draw it as a stand-alone SVG file. Values that are not finite are left out. */
export function drawLineChart(chart: LineChart): string {
  const { width, height } = size;
  const { x, y } = scalesOf(chart);
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" ` +
      `font-family="sans-serif" font-size="12" role="img" aria-label="${escaped(chart.title)}">`,
    `<rect width="${width}" height="${height}" fill="white"/>`,
    text({ x: size.left, y: 22, content: chart.title, more: 'font-size="15" font-weight="bold"' }),
    ...drawAxes(chart, x, y),
    ...chart.series.flatMap((series, index) => drawSeries({ series, x, y, colour: colours[index % colours.length]! })),
    ...chart.series.map(({ label }, index) => drawKey(label, index)),
    "</svg>",
  ];
  return `${parts.join("\n")}\n`;
}

function scalesOf({ series, isLog = false, isLogAcross = false }: LineChart): { x: Scale; y: Scale } {
  const { left, right, top, bottom, width, height } = size;
  const xs: number[] = [];
  const ys: number[] = [];
  for (const { points } of series) {
    for (const point of points) {
      xs.push(point.x);
      ys.push(point.y, point.lower ?? point.y, point.upper ?? point.y);
    }
  }
  const isDrawn = (value: number) => Number.isFinite(value) && (!isLog || value > 0);
  const vertical = { domain: extent(ys.filter(isDrawn), isLog), range: [height - bottom, top] as const };
  const horizontal = {
    domain: extent(
      xs.filter((value) => Number.isFinite(value) && (!isLogAcross || value > 0)),
      isLogAcross,
    ),
    range: [left, width - right] as const,
  };
  const across = isLogAcross ? logScale(horizontal) : linearScale(horizontal);
  const isCount = xs.every(Number.isInteger); // there is no half of a trial
  return {
    x: { ...across, ticks: isCount ? across.ticks.filter(Number.isInteger) : across.ticks },
    y: isLog ? logScale(vertical) : linearScale(vertical),
  };
}

/** Least and greatest; something to draw on where there is nothing. */
function extent(values: readonly number[], isLog: boolean): readonly [number, number] {
  if (values.length === 0) return isLog ? [1, 10] : [0, 1];
  let low = values[0]!;
  let high = low;
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return [low, high];
}

function drawAxes({ xLabel, yLabel }: LineChart, x: Scale, y: Scale): string[] {
  const { left, right, top, bottom, width, height } = size;
  const [end, floor] = [width - right, height - bottom];
  const lines = y.ticks.flatMap((tick) => {
    const at = pixel(y.toPixel(tick));
    const label = text({ x: left - 8, y: Number(at) + 4, content: short(tick), more: 'text-anchor="end"' });
    return [`<line x1="${left}" x2="${end}" y1="${at}" y2="${at}" stroke="#ddd"/>`, label];
  });
  const marks = x.ticks.flatMap((tick) => {
    const at = pixel(x.toPixel(tick));
    const label = text({ x: Number(at), y: floor + 18, content: short(tick), more: 'text-anchor="middle"' });
    return [`<line x1="${at}" x2="${at}" y1="${floor}" y2="${floor + 5}" stroke="#333"/>`, label];
  });
  const middle = (top + floor) / 2;
  return [
    ...lines,
    ...marks,
    `<path d="M${left},${top}V${floor}H${end}" fill="none" stroke="#333"/>`,
    text({ x: (left + end) / 2, y: height - 14, content: xLabel, more: 'text-anchor="middle"' }),
    text({ x: 18, y: middle, content: yLabel, more: `text-anchor="middle" transform="rotate(-90 18 ${middle})"` }),
  ];
}

interface Drawing {
  readonly series: Series;
  readonly x: Scale;
  readonly y: Scale;
  readonly colour: string;
}

function drawSeries({ series, x, y, colour }: Drawing): string[] {
  const points = series.points.filter((point) => Number.isFinite(point.y));
  if (points.length === 0) return [];
  const at = (horizontal: number, vertical: number) => `${pixel(x.toPixel(horizontal))},${pixel(y.toPixel(vertical))}`;
  const banded = points.filter(({ lower, upper }) => Number.isFinite(lower) && Number.isFinite(upper));
  const edge = [...banded.map((p) => at(p.x, p.upper!)), ...banded.toReversed().map((p) => at(p.x, p.lower!))];
  return [
    ...(banded.length > 1 ? [`<polygon points="${edge.join(" ")}" fill="${colour}" opacity="0.15"/>`] : []),
    `<polyline points="${points.map((p) => at(p.x, p.y)).join(" ")}" fill="none" stroke="${colour}" stroke-width="2"/>`,
  ];
}

function drawKey(label: string, index: number): string {
  const [left, top] = [size.width - size.right + 16, size.top + 8 + 20 * index];
  const line = `<line x1="${left}" x2="${left + 22}" y1="${top}" y2="${top}" stroke="${colours[index % colours.length]}" stroke-width="3"/>`;
  return line + text({ x: left + 28, y: top + 4, content: label.length > 24 ? `${label.slice(0, 23)}…` : label });
}

function text({ x, y, content, more = "" }: { x: number; y: number; content: string; more?: string }): string {
  return `<text x="${x}" y="${y}" fill="#222"${more === "" ? "" : ` ${more}`}>${escaped(content)}</text>`;
}

function escaped(content: string): string {
  return content.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

function pixel(value: number): string {
  return value.toFixed(1);
}

/** `0.001`, `1e-7`, `20`. */
function short(value: number): string {
  return String(Number(value.toPrecision(6)));
}
