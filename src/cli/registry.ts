import type { Command } from "./command.js";

interface CommandEntry {
  readonly summary: string;
  // biome-ignore lint/suspicious/noExplicitAny: each command has options of its own type, and reads only those
  readonly load: () => Promise<{ readonly default: Command<any> }>;
}

/** Commands by their words. A module is loaded only when its command runs: starting up must be quick. */
export const commands = {
  hunt: { summary: "find good parameters of a program", load: () => import("./commands/hunt.js") },
  insert: { summary: "add a trial with parameters of your choice", load: () => import("./commands/insert.js") },
  list: { summary: "list experiments", load: () => import("./commands/list.js") },
  status: { summary: "show how far experiments are", load: () => import("./commands/status.js") },
  info: { summary: "show everything about one experiment", load: () => import("./commands/info.js") },
  "db setup": { summary: "choose the database, once and for all", load: () => import("./commands/db-setup.js") },
  "db test": { summary: "check that the database works", load: () => import("./commands/db-test.js") },
  "db rm": { summary: "remove experiments or trials", load: () => import("./commands/db-rm.js") },
  "db set": { summary: "change the status of trials", load: () => import("./commands/db-set.js") },
  "db upgrade": { summary: "bring an older database up to date", load: () => import("./commands/db-upgrade.js") },
  "db dump": { summary: "write experiments to a file", load: () => import("./commands/db-dump.js") },
  "db load": { summary: "read experiments from a file", load: () => import("./commands/db-load.js") },
  "db check": { summary: "verify that histories are sound", load: () => import("./commands/db-check.js") },
  "benchmark run": { summary: "compare algorithms on problems", load: () => import("./commands/benchmark-run.js") },
  "benchmark list": { summary: "list benchmarks, or problems", load: () => import("./commands/benchmark-list.js") },
  "benchmark show": { summary: "show the tables and plots of one", load: () => import("./commands/benchmark-show.js") },
  "benchmark compare": { summary: "compare with one algorithm", load: () => import("./commands/benchmark-compare.js") },
  completion: { summary: "print completions for your shell", load: () => import("./commands/completion.js") },
} as const satisfies Readonly<Record<string, CommandEntry>>;

export type CommandName = keyof typeof commands;
