import { decimalsBetween } from "./decimals.js";
import type { RealDimension } from "./dimension.js";
import { splitMarker } from "./markers.js";
import type { Bounds } from "./natural-bounds.js";
import { parseCall } from "./parse-call.js";
import { parseSpace } from "./parse-space.js";
import { numberText } from "./python-text.js";
import { quoteSpan, syntaxError } from "./syntax-error.js";

/**
 * Make sure that rounding leaves each real dimension values to choose from: of `uniform(20150, 20152)` four digits keep
 * 20150 only. A bell curve without bounds has no range: Oríon takes any, however narrow.
 *
 * Asked when an experiment is defined, or gets other priors. A stored one has its trials, and opens whatever its priors are.
 *
 * @param texts - Priors by name, see `parseSpace`.
 * @throws {SpaceSyntaxError} for a prior with fewer than ten values; or two, where the user chose the precision.
 */
export function requireResolution(texts: Readonly<Record<string, string>>): void {
  for (const dimension of parseSpace(texts).dimensions) {
    if (dimension.type === "real") requireValues(dimension, splitMarker(texts[dimension.name]!).rest);
  }
}

/** What nobody would call a search over real numbers; the default of four digits leaves 1001 to `uniform(1, 2)`. */
const fewest = 10;
/** `precision=1` may be meant as a grid: two values are the least that can be searched, as for bounds. */
const fewestChosen = 2;
/** The precision that is proposed leaves at least so many. */
const plenty = 1000;

function requireValues(dimension: RealDimension, text: string): void {
  const { name, low, high, precision } = dimension;
  if (precision === undefined || precision >= 17) return;
  const call = parseCall({ subject: `Dimension "${name}"`, text });
  const chosen = call.keywords.get("precision");
  const count = decimalsBetween(dimension, precision);
  if (count >= (chosen === undefined ? fewest : fewestChosen)) return;
  const kept = `${precision} significant digit${precision === 1 ? "" : "s"}`;
  const values = count === 0 ? "no value" : count === 1 ? "one value" : `${count} values`;
  const between = `between ${numberText(low)} and ${numberText(high)}`;
  const integers = Math.floor(high) > Math.ceil(low) ? ", or discrete=True for whole numbers" : "";
  throw syntaxError(call.source, {
    problem: `${quoteSpan(call.source, call.span)} keeps ${kept}, which leaves ${values} ${between}.`,
    at: chosen?.nameSpan ?? call.span,
    remedy: `Write precision=${enoughDigits(dimension)}${integers}.`,
  });
}

function enoughDigits(range: Bounds): number | "None" {
  for (let digits = 1; digits < 17; digits++) if (decimalsBetween(range, digits) >= plenty) return digits;
  return "None";
}
