/** Rosenbrock's function over 300. */
export function rosenbrockTerm(u: number, v: number): number {
  return (100 * (v - u ** 2) ** 2 + (u - 1) ** 2) / 300;
}

/** The six-hump camel over 10; it and its copies at −x are least at (0.0898, −0.7126). */
export function camelTerm(u: number, v: number): number {
  return ((4 - 2.1 * u ** 2 + u ** 4 / 3) * u ** 2 + u * v + (-4 + 4 * v ** 2) * v ** 2) / 10;
}

/** Beale's function over 50. */
export function bealeTerm(u: number, v: number): number {
  return ((1.5 - u + u * v) ** 2 + (2.25 - u + u * v ** 2) ** 2 + (2.625 - u + u * v ** 3) ** 2) / 50;
}

/** What the first two categories of Func2C and Func3C choose from. */
export const terms = { ros: rosenbrockTerm, cam: camelTerm, bea: bealeTerm } as const;

/** The second category has three names for Beale's function, so that a blind choice favours it. */
export const secondTerms = {
  ros: rosenbrockTerm,
  cam: camelTerm,
  bea1: bealeTerm,
  bea2: bealeTerm,
  bea3: bealeTerm,
} as const;

/** Where the camel is least, in the halved coordinates of these problems. */
export const camelOptima = [
  { x0: 0.0449210076, x1: -0.3563282019 },
  { x0: -0.0449210076, x1: 0.3563282019 },
] as const;

/** The least value of `camelTerm`. */
export const camelMinimum = -0.10316284534898774;

/** `choices(['a', 'b'])`. */
export function choicesText(names: readonly string[]): string {
  return `choices([${names.map((name) => `'${name}'`).join(", ")}])`;
}
