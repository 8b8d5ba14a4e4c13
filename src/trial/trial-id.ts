import { createHash } from "node:crypto";
import type { Dimension, Params, Space } from "../space/dimension.js";
import { pythonFloat } from "../space/python-text.js";
import { formatValue, getParam } from "../space/values.js";

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
  const dimensions = space.dimensions.filter(({ type }) => type !== "fidelity");
  return md5(joinParams(dimensions, params));
}

/**
 * All parameters in one line, `/f:10,/lr:0.01,/opt:adam`, in the order of the space.
 *
 * @throws {TypeError} when a dimension has no value.
 */
export function paramsText(space: Space, params: Params): string {
  return joinParams(space.dimensions, params);
}

function joinParams(dimensions: readonly Dimension[], params: Params): string {
  const words = dimensions.map((dimension) => {
    const value = getParam(params, dimension.name);
    if (value === undefined) throw new TypeError(`the parameters lack the dimension ${dimension.name}`);
    return `${dimension.name}:${formatValue(dimension, value)}`;
  });
  return words.join(",");
}

function md5(text: string): string {
  return createHash("md5").update(text, "utf8").digest("hex");
}
