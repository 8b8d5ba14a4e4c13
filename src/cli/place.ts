import { shellWord } from "../shell-word.js";
import type { CommonOptions } from "./common-options.js";

/**
 * What leads to a database: the options as they were typed, each with a blank in front; "" where there are none. A
 * password is left out: it is to be kept elsewhere.
 */
export function placeOf({ config, storage }: Pick<CommonOptions, "config" | "storage">): string {
  const address = storage?.replace(/^(\w+:\/\/[^/?#@:]*):[^/?#]+@/, "$1@").replace(/(?<=[?&])password=[^&#]*&?/, "");
  const given = Object.entries({ "-c": config, "--storage": address });
  return given.map(([option, value]) => (value === undefined ? "" : ` ${option} ${shellWord(value)}`)).join("");
}

/**
 * A remedy whose commands reach the same database when they are copied: `` `orion list` `` becomes
 * `` `orion list --storage sqlite:FILE` ``.
 */
export function inPlace(remedy: string, place: string): string {
  return remedy.replace(
    /`orion (?:hunt|insert|list|status|info|db (?!setup)\w+|benchmark \w+)\b/g,
    (command) => command + place,
  );
}
