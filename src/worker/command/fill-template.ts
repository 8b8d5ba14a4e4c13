import { UsageError } from "../../errors.js";
import { isRemoval } from "./read-prior-words.js";
import type { UserCommand } from "./user-command.js";

/** What a word of the command may name in braces, besides `trial.params[/lr]` with a dimension of the experiment. */
export const templateFields = [
  "trial.id",
  "trial.number",
  "trial.working_dir",
  "trial.hash_params",
  "trial.hash_name",
  "trial.experiment",
  "exp.id",
  "exp.name",
  "exp.version",
  "exp.working_dir",
  "exp.metadata[user]",
  "exp.metadata[datetime]",
  "exp.metadata[orion_version]",
] as const;
export type TemplateField = (typeof templateFields)[number];

/**
 * Fill `{trial.…}` and `{exp.…}` in a word; a word without them is kept to the letter, whatever braces it has.
 *
 * Where all other braces of a word with templates are doubled, they were meant to be: `{{"id": "{trial.id}"}}` becomes
 * `{"id": "…"}`. Else they are left alone: `{"id": "{trial.id}"}` becomes the same. So a word in which the template
 * itself stands in doubled braces, `{{trial.id}}`, is the way to pass `{trial.id}` on.
 *
 * @param lookUp - From what stands between the braces to what replaces them. Its result is not looked at again.
 */
export function fillTemplate(word: string, lookUp: (field: string) => string): string {
  if (!/\{(?:trial|exp)\.[^{}]*\}/.test(word)) return word;
  const tokens = [...word.matchAll(/\{\{|\}\}|\{(?:trial|exp)\.[^{}]*\}|[{}]/g)].map(([token]) => token);
  const isDoubled = tokens.every((token) => token.length > 1);
  const pattern = isDoubled ? /(\{\{|\}\})|\{((?:trial|exp)\.[^{}]*)\}/g : /()\{((?:trial|exp)\.[^{}]*)\}/g;
  return word.replace(pattern, (_token, brace: string | undefined, field: string | undefined) =>
    brace ? brace[0]! : lookUp(field!),
  );
}

/**
 * Check what the words of a command name in braces, before any trial needs it.
 *
 * @throws {UsageError} for an unknown field, listing the known ones.
 */
export function checkTemplates({ words, priors }: UserCommand): void {
  const dimensions = Object.keys(priors).filter((name) => !isRemoval(priors[name]!));
  const params = dimensions.map((name) => `trial.params[${name}]`);
  const known = new Set<string>([...templateFields, ...params, ...params.map((field) => field.replace("[/", "["))]);
  const check = (word: string) => (field: string) => {
    if (known.has(field)) return "";
    throw new UsageError(
      `There is no template {${field}}, used in the word "${word}" of the command.`,
      `Known: ${[...templateFields, ...params].map((name) => `{${name}}`).join(", ")}. Double the braces to keep them.`,
    );
  };
  for (const word of words) if (typeof word === "string") fillTemplate(word, check(word));
}
