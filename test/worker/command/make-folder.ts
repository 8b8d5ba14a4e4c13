import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import { type CommandWorld, openCommandWorld } from "../../../src/worker/command/command-world.js";

/** A temporary directory with these files, and the world of a command started in it. `bin` in it is all of PATH. */
export function makeFolder(files: Readonly<Record<string, string | { text: string; mode: number }>> = {}): {
  directory: string;
  world: CommandWorld;
} {
  const directory = mkdtempSync(join(tmpdir(), "orion-command-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  for (const [name, file] of Object.entries(files)) {
    const { text, mode } = typeof file === "string" ? { text: file, mode: 0o644 } : file;
    mkdirSync(dirname(join(directory, name)), { recursive: true });
    writeFileSync(join(directory, name), text, { mode });
  }
  return { directory, world: openCommandWorld({ directory, searchPath: join(directory, "bin") }) };
}

/** An executable file. */
export const program = { text: "#!/bin/sh\n", mode: 0o755 };
