import { OrionError } from "../../errors.js";
import { defineCommand } from "../command.js";
import { addStorageOptions, type CommonOptions } from "../common-options.js";
import { chooseStorage, openSession, readConfiguration } from "../session.js";
import type { Terminal } from "../terminal.js";
import { type Paint, paintFor } from "../text/paint.js";

type TestOptions = Pick<CommonOptions, "config" | "storage">;

/** `orion db test`: try everything that a hunt does with its configuration and its database, one line each. */
export default defineCommand<TestOptions>({
  configure(command) {
    addStorageOptions(command).addHelpText(
      "after",
      "\nExamples:\n  orion db test\n  orion db test --storage sqlite:/scratch/runs.sqlite",
    );
  },

  async run({ terminal, options }) {
    const report = createReport(terminal);
    const read = await report.check("configuration", async () => {
      const read = await readConfiguration(terminal, options);
      const { source } = chooseStorage({ terminal, ...read, options });
      return { value: read, said: `the storage is chosen by ${source}` };
    });
    if (read === undefined) {
      report.skip("opening", "there is no configuration");
      return 1;
    }
    const session = await report.check("opening", async () => {
      const session = await openSession(terminal, options, read);
      return { value: session, said: session.storage.url };
    });
    if (session === undefined) {
      report.skip("reading and writing", "the database is not open");
      return 1;
    }
    await using _ = session;
    for (const { title, run } of session.storage.checks) {
      await report.check(title, async () => ({ value: true, said: await run() }));
    }
    return report.hasFailed() ? 1 : 0;
  },
});

interface Checked<T> {
  readonly value: T;
  /** What was found, in a few words. */
  readonly said: string;
}

function createReport(terminal: Terminal) {
  const paint: Paint = paintFor(terminal);
  let failures = 0;
  return {
    /** Run one step; `undefined` when it failed, and the next ones go on. */
    async check<T>(title: string, step: () => Promise<Checked<T>>): Promise<T | undefined> {
      terminal.out(`Check of ${title} ... `);
      try {
        const { value, said } = await step();
        terminal.out(`${paint.good("Success")} (${said})\n`);
        return value;
      } catch (error) {
        failures++;
        terminal.out(`${paint.bad("Failure")}\n${reasonOf(error)}`);
        return undefined;
      }
    },
    skip: (title: string, reason: string) => terminal.out(`Check of ${title} ... Skipping (${reason})\n`),
    hasFailed: () => failures > 0,
  };
}

function reasonOf(error: unknown): string {
  const { message } = error as Error;
  const remedy = error instanceof OrionError ? error.commandRemedy : undefined;
  return `  ${message}\n${remedy === undefined ? "" : `  ${remedy}\n`}`;
}
