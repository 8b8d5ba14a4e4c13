import { closeSync } from "node:fs";

/** What becomes of standard output and error. */
export interface Output {
  /** True once standard output cannot be written to any more. */
  isLost(): boolean;
  /** Called when that happens, instead of ending the process. */
  onLost(handler: (() => void) | undefined): void;
}

/**
 * Survive output that cannot be written: a reader that went away (`orion status | head -1`), a terminal that was closed,
 * a log on a full disk. Without standard output most commands have nothing left to do and end; a hunt ends in order.
 * That nobody reads what goes to standard error hurts nobody.
 */
export function watchOutput({ process }: { readonly process: NodeJS.Process }): Output {
  let isLost = false;
  let handler: (() => void) | undefined;
  process.stderr.on("error", (error: NodeJS.ErrnoException) => leaveTerminal(error));
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    leaveTerminal(error);
    if (isLost) return;
    isLost = true;
    if (handler !== undefined) return handler();
    if (error.code === "EPIPE" || error.code === "EIO") process.exit(0);
    process.stderr.write(`Error: Standard output cannot be written: ${error.message}.\n`);
    process.exit(1);
  });

  /** Node aborts when it ends and cannot restore the settings of a terminal that is gone, unless we let go of it. */
  function leaveTerminal({ code }: NodeJS.ErrnoException): void {
    if (code !== "EIO" || isLeft) return;
    isLeft = true;
    process.once("exit", () => {
      for (const file of [0, 1, 2]) closeQuietly(file);
    });
  }
  let isLeft = false;

  return {
    isLost: () => isLost,
    onLost: (given) => {
      handler = given;
    },
  };
}

function closeQuietly(file: number): void {
  try {
    closeSync(file);
  } catch {
    // It was closed before.
  }
}
