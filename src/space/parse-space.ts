import { UsageError } from "../errors.js";
import type { Dimension, Space } from "./dimension.js";
import { splitMarker } from "./markers.js";
import { parseDimension } from "./parse-dimension.js";

/**
 * The search space of priors by name, as typed or in canonical form.
 *
 * A marker `+` is dropped; what is marked `-` or `>` is no dimension any more and is left out.
 *
 * @throws {SpaceSyntaxError} for a prior that cannot be read.
 * @throws {UsageError} for a name that is empty, and for two names that differ by a leading `/` only.
 */
export function parseSpace(texts: Readonly<Record<string, string>>): Space {
  const dimensions: Dimension[] = [];
  for (const [name, text] of Object.entries(texts)) {
    const { marker, rest } = splitMarker(text);
    if (marker === undefined || marker.kind === "add") dimensions.push(parseDimension(name, rest));
  }
  return buildSpace(dimensions);
}

/**
 * A space of these dimensions, put in the order of their names by code point.
 *
 * @throws {UsageError} for two names that differ by a leading `/` only.
 */
export function buildSpace(dimensions: Iterable<Dimension>): Space {
  const sorted = [...dimensions].sort((a, b) => compareCodePoints(a.name, b.name));
  const names = new Map<string, string>();
  for (const { name } of sorted) {
    if (bareName(name) === "") throw new UsageError("A dimension has no name.", "Give it one, for example x.");
    const twin = names.get(bareName(name));
    if (twin !== undefined) {
      throw new UsageError(
        `The dimension "${name}" is defined twice${twin === name ? "" : `, once as "${twin}"`}.`,
        'Keep one of the two, or rename one; a leading "/" makes no difference.',
      );
    }
    names.set(bareName(name), name);
  }
  return { dimensions: sorted };
}

/** A name without its leading `/`: `/lr` on the command line and `lr` in the library are one dimension. */
export function bareName(name: string): string {
  return name.startsWith("/") ? name.slice(1) : name;
}

/** UTF-16 units, which `<` compares, put characters beyond U+FFFF before some below it. */
function compareCodePoints(left: string, right: string): number {
  const [a, b] = [[...left], [...right]];
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const difference = a[i]!.codePointAt(0)! - b[i]!.codePointAt(0)!;
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}
