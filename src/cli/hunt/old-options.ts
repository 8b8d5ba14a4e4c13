import { ConfigurationError } from "../../errors.js";
import type { Terminal } from "../terminal.js";
import { deprecated, type HuntOptions, versionControlOptions } from "./hunt-options.js";

/**
 * What belongs to experiment version control is known, and answered honestly.
 *
 * @throws {ConfigurationError} when it is asked for.
 */
export function refuseVersionControl(options: HuntOptions): void {
  const asked = Object.keys(options).find((key) => Object.hasOwn(versionControlOptions, key));
  if (asked === undefined) return;
  throw new ConfigurationError(
    `The option ${versionControlOptions[asked]} belongs to version control, which is not there yet.`,
    "Give a changed experiment another name with -n, or go on in place with --force-config.",
  );
}

/** The options with deprecated names replaced, each with a warning. The new name wins where both are given. */
export function replaceDeprecated(options: HuntOptions, terminal: Pick<Terminal, "error">): HuntOptions {
  const replaced: Record<string, unknown> = { ...options };
  for (const [old, now] of Object.entries(deprecated)) {
    if (replaced[old] === undefined) continue;
    terminal.error(`Warning: ${dashed(old)} is deprecated; use ${dashed(now)}.\n`);
    replaced[now] ??= replaced[old];
  }
  return replaced;
}

const dashed = (key: string): string => `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
