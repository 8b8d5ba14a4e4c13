import { createHash } from "node:crypto";
import type { CategoricalDimension, Dimension, Params, Space } from "../space/dimension.js";
import { pythonFloat } from "../space/python-text.js";
import { categoryRepr, formatValue, getParam } from "../space/values.js";

export interface TrialIdOptions {
  /** Id of the trial that this one continues. */
  readonly parent?: string;
  /** A guessed result that makes it another trial than the one it stands for. */
  readonly lie?: { readonly name: string; readonly value: number };
}

/**
 * Identity of a trial: the MD5 of its parameters' text, of its lie and of its parent, as 32 hex digits.
 *
 * Equal ids mean equal trials, in whatever experiment. The text is that of Oríon, so its databases keep their ids, and
 * the golden values of the test freeze it.
 *
 * @param params - Complete; names may lack their leading `/`.
 * @throws {TypeError} when a dimension has no value.
 */
export function trialId(space: Space, params: Params, { parent, lie }: TrialIdOptions = {}): string {
  const liePart = lie === undefined ? "" : `${lie.name}:${pythonFloat(lie.value)}`;
  return md5(`${paramsText(space, params)}${liePart}${parent ?? ""}`);
}

/**
 * Identity of the parameters alone: fidelities, lie and parent do not count, so one configuration has one hash on every
 * rung.
 *
 * @throws {TypeError} when a dimension has no value.
 */
export function paramsHash(space: Space, params: Params): string {
  return md5(joinParams(space, params, ({ type }) => type !== "fidelity"));
}

/**
 * All parameters in one line, `/f:10,/lr:0.01,/opt:adam`, in the order of the space.
 *
 * Oríon writes two points as one text where two categories look alike (`1` and `'1'`), or where one looks like the
 * beginning of another dimension (`'1,/b:2'`), so that one of them is never tried. The values of such a dimension are
 * quoted.
 *
 * @throws {TypeError} when a dimension has no value.
 */
export function paramsText(space: Space, params: Params): string {
  return joinParams(space, params, () => true);
}

function joinParams(space: Space, params: Params, counts: (dimension: Dimension) => boolean): string {
  const ambiguous = ambiguousDimensions(space);
  const words = space.dimensions.filter(counts).map((dimension) => {
    const value = getParam(params, dimension.name);
    if (value === undefined) throw new TypeError(`the parameters lack the dimension ${dimension.name}`);
    const isQuoted = dimension.type === "categorical" && ambiguous.has(dimension);
    return `${dimension.name}:${isQuoted ? categoryRepr(dimension, value) : formatValue(dimension, value)}`;
  });
  return words.join(",");
}

const known = new WeakMap<Space, ReadonlySet<Dimension>>();

/** The dimensions whose categories cannot be told by their texts; found once for each space, as ids are made often. */
function ambiguousDimensions(space: Space): ReadonlySet<Dimension> {
  const before = known.get(space);
  if (before !== undefined) return before;
  const { dimensions } = space;
  const found = new Set<Dimension>(
    dimensions.filter((one, at) => one.type === "categorical" && isAmbiguous(one, dimensions.slice(at + 1))),
  );
  known.set(space, found);
  return found;
}

/** Two points have one text only if, where they first differ, one category goes on as the next dimension would. */
function isAmbiguous({ categories, shape }: CategoricalDimension, later: readonly Dimension[]): boolean {
  if (shape.length > 0) return false; // lists quote their items anyway
  const texts = new Set(categories.map(({ text }) => text));
  if (texts.size < categories.length) return true;
  return categories.some(({ text }) =>
    later.some(({ name }) => partsBefore(text, `,${name}:`).some((part) => texts.has(part))),
  );
}

/** What stands before each occurrence of `mark`. */
function partsBefore(text: string, mark: string): readonly string[] {
  const parts: string[] = [];
  for (let at = text.indexOf(mark); at >= 0; at = text.indexOf(mark, at + 1)) parts.push(text.slice(0, at));
  return parts;
}

function md5(text: string): string {
  return createHash("md5").update(text, "utf8").digest("hex");
}
