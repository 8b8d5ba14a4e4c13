import { closeSync, openSync } from "node:fs";
import { isatty } from "node:tty";

/**
 * True for a process that is to live on when its terminal closes: one that has a terminal and neither reads from it nor
 * writes to it, as under `nohup`. That it shall ignore the hangup cannot be told from the signal: Node resets what a
 * process has inherited.
 */
export function outlivesTerminal(): boolean {
  if ([0, 1, 2].some((file) => isatty(file))) return false;
  try {
    closeSync(openSync("/dev/tty", "r"));
    return true;
  } catch {
    return false; // none: a batch job, or a service; whoever sends a HUP there wants it to end
  }
}
