import { resolve } from "node:path";
import { setImmediate } from "node:timers/promises";
import { NotFoundError, UsageError } from "../../errors.js";
import type { ExperimentRecord } from "../../storage/storage.js";
import { writeDump, writeRecords } from "../../transfer/write-dump.js";
import { defineCommand } from "../command.js";
import { addStorageOptions, type CommonOptions, wholeNumber } from "../common-options.js";
import { familiesOf, membersOf } from "../families.js";
import { openSession, requireExperiment, type Session } from "../session.js";
import type { Terminal } from "../terminal.js";
import { quantity } from "../text/quantity.js";

interface DumpOptions extends Pick<CommonOptions, "config" | "storage" | "name" | "version"> {
  readonly output: string;
  readonly force?: boolean;
}

/** `orion db dump`: write all experiments, or one of them, to a file that any orion and other tools can read. */
export default defineCommand<DumpOptions>({
  configure(command) {
    addStorageOptions(command)
      .option("-o, --output <file>", "where to write; - is standard output", "dump.jsonl")
      .option("-n, --name <name>", "only this experiment (default: all)")
      .option("-v, --version <number>", "version of the experiment (default: the newest)", wholeNumber("--version", 1))
      .option("-f, --force", "replace the file if it exists")
      .addHelpText(
        "after",
        "\nWorkers may go on meanwhile: the file holds one moment of the database.\n" +
          "\nExamples:\n  orion db dump -o all.jsonl\n  orion db dump -n mnist -v 2 -o mnist.jsonl\n" +
          "  orion db dump -o - | xz > all.jsonl.xz",
      );
  },

  async run({ terminal, options }) {
    await using session = await openSession(terminal, { ...options, isReader: true });
    const { storage } = session;
    if (session.isAbsent) {
      throw new NotFoundError(
        `There is no database ${storage.url}.`,
        "Another one is chosen with --storage or -c; nothing was written.",
      );
    }
    const path = resolve(terminal.directory, options.output);
    refuseItself(storage.url, path);
    const records = await selectRecords(terminal, { session, options });
    const experimentIds = records.map(({ id }) => id);
    const isStandardOutput = options.output === "-";
    const { trials } = isStandardOutput
      ? await writeRecords(storage, { experimentIds, write: terminal.out })
      : await writeDump(storage, { path, experimentIds, isForced: options.force === true });
    const what = `${quantity(records.length, "experiment")} with ${quantity(trials, "trial")} written`;
    if (!isStandardOutput) {
      terminal.out(`${what} to ${options.output}\n`);
      return 0;
    }
    await setImmediate(); // that nobody took it is told in the next turn, and ends the process
    terminal.error(`${what}\n`);
    return 0;
  },
});

/** Each parent before its children, so that whoever reads the file knows it by then. */
async function selectRecords(
  terminal: Terminal,
  { session, options }: { readonly session: Session; readonly options: DumpOptions },
): Promise<readonly ExperimentRecord[]> {
  const isOne = options.name !== undefined || options.version !== undefined;
  if (isOne) return [await requireExperiment(terminal, session, options)];
  return familiesOf(await session.storage.listExperiments()).flatMap(membersOf);
}

function refuseItself(url: string, path: string): void {
  const database = url.startsWith("sqlite:") ? resolve(url.slice("sqlite:".length)) : undefined;
  if (database === undefined || ![database, `${database}-wal`, `${database}-shm`].includes(path)) return;
  throw new UsageError(`"${path}" is the database itself.`, "Name another file with -o.");
}
