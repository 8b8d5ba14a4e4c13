import { UnknownNameError } from "./errors.js";

/** Names to lazy loaders: a plug-in is loaded only when it is chosen, so optional packages stay optional. */
export type Registry<Module> = Readonly<Record<string, () => Promise<{ readonly default: Module }>>>;

/**
 * Load the plug-in called `name`; case does not matter.
 *
 * @param kind - What it is, for the error message: "algorithm", "executor".
 * @param aliases - Other names under which users know a plug-in.
 * @throws {UnknownNameError} listing the names that exist.
 */
export async function loadNamed<Module>(
  kind: string,
  registry: Registry<Module>,
  name: string,
  aliases: Readonly<Record<string, string>> = {},
): Promise<{ readonly name: string; readonly module: Module }> {
  const lower = name.toLowerCase();
  const canonical = Object.hasOwn(aliases, lower) ? aliases[lower]! : lower;
  if (!Object.hasOwn(registry, canonical)) throw new UnknownNameError(kind, name, Object.keys(registry));
  const loaded = await registry[canonical]!();
  return { name: canonical, module: loaded.default };
}
