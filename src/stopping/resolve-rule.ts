import { UsageError } from "../errors.js";
import { loadNamed } from "../registry.js";
import { stoppingRules } from "./registry.js";
import type { StoppingRule } from "./stopping-rule.js";

/** A rule with its options complete and checked. */
export interface ResolvedRule {
  readonly name: string;
  readonly rule: StoppingRule;
  readonly options: Readonly<Record<string, unknown>>;
}

/**
 * Load the rule that a user chose.
 *
 * @throws {UnknownNameError} listing the rules that exist.
 * @throws {UsageError} for unknown or wrong options.
 */
export async function resolveRule(choice: {
  readonly name: string;
  readonly options?: Readonly<Record<string, unknown>>;
}): Promise<ResolvedRule> {
  const { name, module: rule } = await loadNamed<StoppingRule>("stopping rule", stoppingRules, choice.name);
  const given = choice.options ?? {};
  const unknown = Object.keys(given).find((option) => !Object.hasOwn(rule.defaults, option));
  if (unknown !== undefined) {
    throw new UsageError(
      `The stopping rule "${name}" has no option "${unknown}".`,
      `Its options: ${Object.keys(rule.defaults).sort().join(", ")}.`,
    );
  }
  const options = { ...rule.defaults, ...given };
  rule.check?.(options);
  return { name, rule, options };
}
