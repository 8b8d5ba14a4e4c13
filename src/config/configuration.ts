import { type Given, type Layer, type Origin, origins, readSetting } from "./read-setting.js";
import { type SettingKey, type SettingValue, settingOf } from "./settings.js";

/**
 * All that was set up for a command. The layers, low to high: defaults, global files, environment, the stored
 * experiment, the local file, the command line. The stored experiment and the command line are known to the caller
 * alone, so they are given to `pick`.
 */
export interface Configuration {
  /** What the authors of the layers should know, a sentence each. */
  readonly warnings: readonly string[];
  /**
   * The value of a key and where it comes from. `undefined` and null never override; mappings are merged.
   * @throws {UsageError} when the command line holds something else than a value of the key.
   */
  pick<Key extends SettingKey>(key: Key, above?: LayersAbove<Key>): Picked<Key>;
}

/** The two layers that are not in files or variables. */
interface LayersAbove<Key extends SettingKey> {
  /** From the experiment in the database. */
  readonly stored?: SettingValue<Key> | undefined;
  /** As the command line brings it; text is read like a variable. */
  readonly commandLine?: unknown;
}

export interface Picked<Key extends SettingKey> {
  readonly value: SettingValue<Key>;
  /** The highest layer that said something. */
  readonly origin: Origin;
  /** The same for people: a file and line, a variable, an option. */
  readonly source: string;
}

/** @param layers - Global files, environment and local file in any order; of two of a kind the later wins. */
export function createConfiguration(layers: readonly Layer[], warnings: readonly string[]): Configuration {
  const sorted = layers.toSorted((a, b) => origins.indexOf(a.origin) - origins.indexOf(b.origin));
  const firstLocal = sorted.findIndex((layer) => layer.origin === "local");
  const border = firstLocal === -1 ? sorted.length : firstLocal;

  return {
    warnings,
    pick<Key extends SettingKey>(key: Key, { stored, commandLine }: LayersAbove<Key> = {}): Picked<Key> {
      const from = (layer: Layer) => ({ ...layer.values.get(key), origin: layer.origin });
      const candidates: readonly Candidate[] = [
        { value: settingOf(key).default, origin: "default", source: "the default" },
        ...sorted.slice(0, border).map(from),
        { value: stored, origin: "stored", source: "the stored experiment" },
        ...sorted.slice(border).map(from),
        readCommandLine(key, commandLine),
      ];
      // The table says that every value of a key was read by its type.
      return overlay(key, candidates) as Picked<Key>;
    },
  };
}

type Candidate = Partial<Given> & { readonly origin: Origin };

function overlay(key: SettingKey, candidates: readonly Candidate[]): Candidate {
  const { type } = settingOf(key);
  return candidates.reduce((lower, higher) => {
    if (higher.value === undefined || higher.value === null) return lower;
    if (lower.value === undefined || lower.origin === "default" || type.merge === undefined) return higher;
    return { ...higher, value: type.merge(lower.value, higher.value) };
  });
}

function readCommandLine(key: SettingKey, raw: unknown): Candidate {
  const origin = "command-line";
  if (raw === undefined || raw === null) return { origin };
  const source = settingOf(key).option ?? "the command line";
  return { value: readSetting(key, { raw, origin, source }), origin, source };
}
