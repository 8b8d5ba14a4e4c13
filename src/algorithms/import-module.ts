/**
 * Load a module that is known by its address when the program runs.
 *
 * In a file of its own, because the bundle of the command line is CommonJS, where it takes other means: see
 * `scripts/build.mjs`.
 */
export function importModule(url: string): Promise<Readonly<Record<string, unknown>>> {
  return import(url);
}
