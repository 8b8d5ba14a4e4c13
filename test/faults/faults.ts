import { existsSync, linkSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Rng } from "../../src/math/rng.js";
import type { Arena } from "./arena.js";
import type { Crew } from "./crew.js";

/** Something that goes wrong, and is over when the promise resolves. */
export type Fault = (stage: Stage) => Promise<void>;

export interface Stage {
  readonly arena: Arena;
  readonly crew: Crew;
  readonly rng: Rng;
}

/** What can happen to workers, whatever database they use. */
export const workerFaults = {
  "kill -9": async ({ crew, rng }) => {
    const victim = pick(rng, crew.members);
    victim?.kill("SIGKILL");
  },
  /** Longer than the lease of one second: others take over, and then it wakes up. */
  "stop and wake": async ({ crew, rng }) => {
    const victim = pick(rng, crew.members);
    victim?.kill("SIGSTOP");
    await pause(1200 + rng.below(1500));
    victim?.kill("SIGCONT");
  },
  "TERM storm": async ({ crew, rng }) => {
    for (const member of crew.members) {
      for (let blows = rng.below(3); blows > 0; blows--) member.kill("SIGTERM");
    }
  },
  interrupt: async ({ crew, rng }) => {
    pick(rng, crew.members)?.kill("SIGINT");
  },
} as const satisfies Readonly<Record<string, Fault>>;

/** What can happen to a database that is a file; the codes are SQLite's. */
export const fileFaults = {
  "disk full": failing(13),
  "I/O errors": failing(10),
  "read-only": failing(8),
  /** In earnest: scripts and workers share the disk with the database. */
  "disk really full": async ({ arena, rng }) => {
    const filler = join(arena.disk, "filler");
    try {
      writeFileSync(filler, Buffer.alloc(128 << 20));
    } catch {} // that is the point
    await pause(200 + rng.below(800));
    rmSync(filler, { force: true });
  },
  /**
   * A link to nowhere stands in its place, so that no worker makes a new one there; it comes and goes in one step, or a
   * worker that opens it in between would take the place for empty.
   */
  "database moved away": async ({ arena, rng }) => {
    const path = arena.database!;
    if (!existsSync(path)) return;
    linkSync(path, `${path}.away`);
    symlinkSync(join(arena.disk, "nowhere", "history.sqlite"), `${path}.link`);
    renameSync(`${path}.link`, path);
    await pause(200 + rng.below(800));
    renameSync(`${path}.away`, path);
  },
} as const satisfies Readonly<Record<string, Fault>>;

function failing(code: number): Fault {
  return async ({ arena, rng }) => {
    writeFileSync(arena.errorFile, String(code));
    await pause(200 + rng.below(800));
    rmSync(arena.errorFile);
  };
}

function pick<T>(rng: Rng, items: readonly T[]): T | undefined {
  return items.length === 0 ? undefined : items[rng.below(items.length)];
}
