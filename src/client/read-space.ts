import { inspect } from "node:util";
import { UsageError } from "../errors.js";
import type { Params, Space } from "../space/dimension.js";
import { bareName, parseSpace } from "../space/parse-space.js";
import type { SpaceInput } from "./typed-space.js";

/**
 * The space that a program describes.
 *
 * @throws {SpaceSyntaxError} for a prior that cannot be read, with its place.
 * @throws {UsageError} for a space without dimensions, or something that is no prior.
 */
export function readSpace(input: SpaceInput): Space {
  if (!isObject(input)) {
    throw new UsageError(`The search space is ${inspect(input)}.`, 'Give { lr: "loguniform(1e-5, 1)" }.');
  }
  const texts = entriesOf(input).map(([name, prior]): [string, string] => [bareName(name), textOf(name, prior)]);
  const twin = texts.find(([name], index) => texts.findIndex(([other]) => other === name) !== index);
  if (twin !== undefined) {
    throw new UsageError(
      `The dimension "${twin[0]}" is defined twice.`,
      'Keep one; a leading "/" makes no difference.',
    );
  }
  const space = parseSpace(Object.fromEntries(texts));
  if (space.dimensions.length > 0) return space;
  throw new UsageError("The search space has no dimensions.", 'Give it one, such as { lr: "loguniform(1e-5, 1)" }.');
}

/** Every prior by its whole name. */
function entriesOf(group: object, prefix = ""): readonly (readonly [string, unknown])[] {
  return Object.entries(group).flatMap(([name, entry]) => {
    const isGroup = isObject(entry) && typeof entry.text !== "string" && Object.keys(entry).length > 0;
    return isGroup ? entriesOf(entry, `${prefix}${name}.`) : [[`${prefix}${name}`, entry] as const];
  });
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function textOf(name: string, prior: unknown): string {
  if (typeof prior === "string") return prior;
  if (typeof prior === "object" && prior !== null && "text" in prior && typeof prior.text === "string") {
    return prior.text;
  }
  throw new UsageError(
    `The dimension "${name}" is not a prior: ${JSON.stringify(prior) ?? String(prior)}.`,
    `Write { ${JSON.stringify(name)}: uniform(0, 1) }, or the text "uniform(0, 1)".`,
  );
}

/** Parameters under the names that the library knows, without a leading "/". */
export function bareParams(params: Params): Params {
  return Object.fromEntries(Object.entries(params).map(([name, value]) => [bareName(name), value]));
}
