/**
 * The text of a prior in a value of its own, `orion~uniform(0, 1)`, or `undefined` for anything else: `~/data`, `a~b`.
 *
 * What follows `orion~` is meant as a prior even when it is a broken one, so that its error is reported. The exception
 * is a path: `orion~/backup`.
 *
 * @returns What stands after the first `~`, marker included: `+uniform(0, 1)`, `-0.5`, `>other`.
 */
export function findOrionPrior(text: string): string | undefined {
  return /^\s*orion~(?!\/)(.+)$/s.exec(text)?.[1]?.trim();
}

/** As `findOrionPrior`, but any word may stand in front of a complete prior: `lr~uniform(0, 1)`, `~uniform(0, 1)`. */
export function findNamedPrior(text: string): string | undefined {
  return findOrionPrior(text) ?? /^\s*\w*~(\+?\s*[a-z]\w*\s*\(.*\))\s*$/is.exec(text)?.[1];
}
