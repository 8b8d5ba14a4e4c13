import { UsageError } from "../../errors.js";
import type { Rng } from "../../math/rng.js";
import { isRecord } from "../named-option.js";
import { checkOptions, numberFrom, wholeNumber } from "../option-rules.js";
import { refuseUnknown } from "../pbt/exploit.js";
import { type Mutation, moveInside } from "../pbt/mutate.js";

/** What happens to a gene that mutates; categories are drawn anew. */
export type Mutate = (rng: Rng) => Pick<Mutation, "real" | "integer">;

const defaults = { multiply_factor: 3, add_factor: 1, volatility: 0.001 };

/**
 * Read `mutate`: `null` or `{multiply_factor, add_factor, volatility}`. A real is multiplied by a factor from
 * 1/`multiply_factor` to `multiply_factor`; an integer moves by `add_factor` up or down.
 *
 * @throws {UsageError} for a function of the user's: it would have to be one of another language.
 */
export function readMutate(configuration: unknown, where: string): Mutate {
  const given = configuration === null ? {} : configuration;
  if (!isRecord(given) || Object.hasOwn(given, "function")) {
    throw new UsageError(
      `${where} is ${JSON.stringify(configuration)}: only the built-in mutation exists here, no function by its name.`,
      `Give null, or its options: ${JSON.stringify(defaults)}.`,
    );
  }
  const options = { ...defaults, ...given };
  refuseUnknown(options, defaults, where);
  checkOptions(where, options, {
    multiply_factor: numberFrom(1, 1e6),
    add_factor: wholeNumber(1),
    volatility: numberFrom(0, 1),
  });
  const { multiply_factor, add_factor, volatility } = options;
  return (rng) => ({
    real: (value, dimension) => {
      const factor = 1 / multiply_factor + rng.next() * (multiply_factor - 1 / multiply_factor);
      return moveInside(value * factor, dimension, { volatility, rng });
    },
    integer: (value) => value + (rng.next() < 0.5 ? add_factor : -add_factor),
  });
}
