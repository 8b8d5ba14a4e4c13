import type { Trial } from "../../trial/trial.js";
import { indent, showBlock } from "./block.js";
import type { Paint } from "./paint.js";
import { quantity } from "./quantity.js";

/** Why a trial is broken, as `--json` prints it. */
export interface BrokenTrial {
  readonly id: string;
  readonly number: number;
  readonly reason: string | null;
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** End of what the program wrote to standard error. */
  readonly stderr: string;
  /** Where it ran, kept to be looked at. */
  readonly directory: string;
}

export function brokenTrialOf({ id, number, failure }: Trial, directory: string): BrokenTrial {
  return {
    id,
    number,
    reason: failure?.reason ?? null,
    exitCode: failure?.exitCode ?? null,
    signal: failure?.signal ?? null,
    stderr: failure?.stderr ?? "",
    directory,
  };
}

/** So many are told of; what broke most lately is what matters. */
const shownCount = 5;
const shownLines = 10;

/** The block `Broken trials` of `orion info`, the latest last. */
export function showBrokenTrials(broken: readonly BrokenTrial[], paint: Paint): string {
  const hidden = broken.length - shownCount;
  const more = hidden > 0 ? [`${quantity(hidden, "earlier one")}: see orion status --all`] : [];
  return showBlock("Broken trials", [...more, ...broken.slice(-shownCount).flatMap(brokenLines)], paint);
}

/** @param broken - A trial without a failure was set to broken by hand. */
function brokenLines({ id, number, reason, exitCode, signal, stderr, directory }: BrokenTrial): string[] {
  const lines = stderr.trimEnd().split("\n");
  return [
    `${id} (number ${number}):`,
    `  reason: ${reason ?? "set by hand"}`,
    ...(exitCode === null ? [] : [`  exit code: ${exitCode}`]),
    ...(signal === null ? [] : [`  signal: ${signal}`]),
    `  directory: ${directory}`,
    ...(stderr.trim() === "" ? [] : ["  stderr:", indent(lines.slice(-shownLines).join("\n"), 4)]),
  ];
}
