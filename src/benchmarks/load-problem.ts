import { UnknownNameError, UsageError } from "../errors.js";
import { loadNamed } from "../registry.js";
import { noiseMark, withNoise } from "./noise.js";
import { checkParameter, type FamilyParameter, type Problem, type ProblemFamily } from "./problem.js";
import { problemAliases, problems } from "./registry.js";

/**
 * The problem of a name: that of its family, then its parameters in any order, then its noise.
 *
 * `branin`, `rosenbrock-5d`, `bbob-f8-5d-i1`, `hartmann-6d+noise0.1`. What is left out takes its default, and the name of
 * the problem that is returned has all of them, so that equal problems have equal names.
 *
 * @throws {UnknownNameError} listing the families that exist.
 * @throws {UsageError} for a parameter that the family does not have, or a value out of its range.
 */
export async function loadProblem(text: string): Promise<Problem> {
  const [plain = "", ...noises] = text.split(noiseMark);
  const family = await loadFamily(text, plain);
  const problem = buildProblem(family, plain);
  return noises.reduce((noisy, noise) => withNoise(noisy, readDeviation(text, noise)), problem);
}

interface NamedFamily {
  readonly name: string;
  readonly family: ProblemFamily;
  /** What stands behind the name. */
  readonly words: readonly string[];
}

/** The longest beginning that names a family: both `ackley` and `ackley-categories` are one. */
async function loadFamily(text: string, plain: string): Promise<NamedFamily> {
  const words = plain.toLowerCase().split("-");
  for (let count = words.length; count > 0; count--) {
    const name = words.slice(0, count).join("-");
    if (!Object.hasOwn(problems, name) && !Object.hasOwn(problemAliases, name)) continue;
    const loaded = await loadNamed<ProblemFamily>("problem", problems, name, problemAliases);
    return { name: loaded.name, family: loaded.module, words: words.slice(count) };
  }
  throw new UnknownNameError("problem", text, Object.keys(problems));
}

function buildProblem({ name, family, words }: NamedFamily, text: string): Problem {
  const values: Record<string, number> = {};
  const entries = Object.entries(family.parameters);
  for (const word of words) {
    const found = entries.find(([, { notation }]) => patternOf(notation).test(word));
    if (found === undefined || found[0] in values) throw unknownParameter(text, word, entries);
    const [key, parameter] = found;
    values[key] = checkParameter(text, parameter, Number(patternOf(parameter.notation).exec(word)![1]));
  }
  const complete = Object.fromEntries(entries.map(([key, { default: usual }]) => [key, values[key] ?? usual]));
  const suffix = entries.map(([key, { notation }]) => `-${notation.replace("#", String(complete[key]))}`).join("");
  const { summary, source, build } = family;
  return { name: `${name}${suffix}`, summary, source, ...build(complete) };
}

function patternOf(notation: string): RegExp {
  return new RegExp(`^${notation.replace("#", "(\\d{1,9})")}$`);
}

function unknownParameter(
  text: string,
  word: string,
  entries: readonly (readonly [string, FamilyParameter])[],
): UsageError {
  const known = entries.map(([, { notation, meaning }]) => `${notation.replace("#", "N")} (${meaning})`);
  return new UsageError(
    `In the name "${text}", "${word}" says nothing, or says it twice.`,
    known.length === 0 ? "This problem has no parameters." : `After its name you may write ${known.join(", ")}.`,
  );
}

function readDeviation(text: string, noise: string): number {
  const deviation = Number(noise);
  if (noise.trim() !== "" && deviation > 0 && Number.isFinite(deviation)) return deviation;
  throw new UsageError(
    `In the name "${text}", "${noise}" is not a standard deviation.`,
    `Write a number above 0, for example branin${noiseMark}0.1.`,
  );
}
