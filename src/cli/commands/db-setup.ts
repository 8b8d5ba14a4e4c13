import { chmodSync, closeSync, existsSync, openSync, readFileSync, readSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Mapping } from "../../config/mapping.js";
import { storageUrl } from "../../config/storage-url.js";
import { type UserDirectories, userDirectories } from "../../config/user-directories.js";
import { userWorld } from "../../config/user-world.js";
import { ConfigurationError } from "../../errors.js";
import { fileTrouble } from "../../file-trouble.js";
import { makeFolder } from "../../make-folder.js";
import { backends } from "../../storage/registry.js";
import { type Asker, askWhether, openAsker } from "../ask.js";
import { defineCommand } from "../command.js";
import { holdsPassword } from "../session.js";
import type { Terminal } from "../terminal.js";
import { editStorage } from "../user-configuration.js";

/** `orion db setup`: ask where the history is to be kept, and write it into the user's configuration file. */
export default defineCommand<object>({
  configure(command) {
    command.addHelpText("after", "\nExample:\n  orion db setup     # an empty answer takes what stands in [brackets]");
  },

  async run({ terminal }) {
    const directories = userDirectories(userWorld(terminal));
    const path = join(directories.config, "orion_config.yaml");
    const text = existsSync(path) ? readFileSync(path, "utf8") : undefined;
    using asker = openAsker(terminal);
    if (text !== undefined) {
      terminal.out(`The configuration file ${path} exists. Its storage would be overwritten, all else is kept.\n`);
      if (!(await askWhether(asker, "Do you want to proceed?"))) return abort(terminal);
    }
    const storage = await askStorage(terminal, { asker, directories });
    if (storage === undefined) return abort(terminal);
    const edited = await editStorage({ path, text: text ?? "", storage });
    write(path, { text: edited, isSecret: typeof storage === "string" && holdsPassword(storage) });
    terminal.out(`Written: ${path}\n\`orion db test\` checks whether it works.\n`);
    warnOfOthers(terminal, { path, isNew: text === undefined });
    return 0;
  },
});

function abort(terminal: Terminal): number {
  terminal.error("Nothing was written.\n");
  return 1;
}

interface Questions {
  readonly asker: Asker;
  readonly directories: UserDirectories;
}

/** What is to stand in the file; `undefined` when nobody answers. */
async function askStorage(
  terminal: Terminal,
  { asker, directories }: Questions,
): Promise<Mapping | string | undefined> {
  // Nobody wants to configure that every hunt is forgotten.
  const kinds = Object.entries(backends).filter(([name]) => name !== "memory");
  terminal.out("Where shall the history be kept?\n");
  for (const [name, load] of kinds) terminal.out(`  ${name}: ${(await load()).default.summary}\n`);
  const names = kinds.map(([name]) => name);
  const kind = await askOne(terminal, { asker, names });
  if (kind === undefined) return undefined;
  if (kind === "sqlite") return askPath(terminal, { asker, directories });
  terminal.out("The password belongs into ~/.pgpass or PGPASSWORD rather than into the address.\n");
  return askUntilUsable(terminal, {
    ask: () => asker.ask("Address of the database, e.g. postgresql://user@host/database: "),
    read: (answer) => readAddress(answer, terminal, directories),
  });
}

interface Question<T> {
  readonly ask: () => Promise<string | undefined>;
  /** @throws {ConfigurationError} for an answer that is of no use. */
  readonly read: (answer: string) => T;
}

/** `undefined` when nobody answers any more. */
async function askUntilUsable<T>(terminal: Terminal, { ask, read }: Question<T>): Promise<T | undefined> {
  for (;;) {
    const answer = await ask();
    if (answer === undefined) return undefined;
    try {
      return read(answer);
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error;
      terminal.out(`${error.message}\n`);
    }
  }
}

/** Only its form is looked at: `orion db test` knocks at the door. */
function readAddress(answer: string, terminal: Terminal, directories: UserDirectories): string {
  const isAddress = URL.canParse(answer) && urlOf(answer, terminal, directories).startsWith("postgresql://");
  if (isAddress && /[^/]/.test(answer.slice(answer.indexOf("://") + 1))) return answer;
  throw new ConfigurationError("That is not an address like postgresql://user@host/database.");
}

function urlOf(answer: string, terminal: Terminal, directories: UserDirectories): string {
  return storageUrl(answer, {
    dataDirectory: directories.data,
    currentDirectory: terminal.directory,
    homeDirectory: userWorld(terminal).homeDirectory,
    source: "your answer",
  });
}

async function askOne(
  terminal: Terminal,
  { asker, names }: { readonly asker: Asker; readonly names: readonly string[] },
): Promise<string | undefined> {
  for (;;) {
    const answer = await asker.ask(`Kind of storage [${names[0]}]: `);
    if (answer === "") return names[0];
    if (answer === undefined || names.includes(answer)) return answer;
    if (answer === "postgresql") return "postgres"; // as the configuration file calls it
    terminal.out(`There is no kind "${answer}"; choose one of ${names.join(", ")}.\n`);
  }
}

async function askPath(terminal: Terminal, { asker, directories }: Questions): Promise<Mapping | undefined> {
  const usual = join(directories.data, "orion.sqlite");
  return askUntilUsable(terminal, {
    ask: () => asker.ask(`File of the database [${usual}]: `),
    read: (answer) => {
      // The file is read from anywhere, so the path has to be absolute.
      const path = urlOf(`sqlite:${answer || usual}`, terminal, directories).slice("sqlite:".length);
      requireDatabase(path);
      return { type: "sqlite", path };
    },
  });
}

/** @throws {ConfigurationError} for what is there and is no database; one that is empty may become one. */
function requireDatabase(path: string): void {
  if (mayBecomeDatabase(path)) return;
  throw new ConfigurationError(`"${path}" exists, and is not an SQLite database.`);
}

/** @throws {ConfigurationError} when it cannot be told, since the file, or what leads to it, cannot be read. */
function mayBecomeDatabase(path: string): boolean {
  try {
    const found = statSync(path, { throwIfNoEntry: false });
    if (found === undefined) return true;
    return found.isFile() && (found.size === 0 || beginningOf(path, header.length) === header);
  } catch (cause) {
    throw new ConfigurationError(`"${path}" cannot be read: ${fileTrouble(cause)}.`, undefined, { cause });
  }
}

function beginningOf(path: string, length: number): string {
  const file = openSync(path, "r");
  try {
    const bytes = Buffer.alloc(length);
    return bytes.toString("latin1", 0, readSync(file, bytes));
  } finally {
    closeSync(file);
  }
}

/** How each SQLite file begins. */
const header = "SQLite format 3\0";

function write(path: string, { text, isSecret }: { readonly text: string; readonly isSecret: boolean }): void {
  try {
    makeFolder(dirname(path));
    writeFileSync(path, text, isSecret ? { mode: 0o600 } : {});
    if (isSecret) chmodSync(path, 0o600); // one that was there keeps its own
  } catch (error) {
    throw new ConfigurationError(
      `The configuration file "${path}" cannot be written: ${fileTrouble(error)}.`,
      "Check the permissions of the file and of its folder.",
      { cause: error },
    );
  }
}

interface Written {
  readonly path: string;
  readonly isNew: boolean;
}

/** Where else a storage may be named, and what is read no more. */
function warnOfOthers({ env, error }: Terminal, { path, isNew }: Written): void {
  if (env.ORION_STORAGE) error("Note: the variable ORION_STORAGE is set, and wins over the file.\n");
  const former = join(dirname(dirname(path)), "orion.core", "orion_config.yaml");
  if (isNew && existsSync(former)) error(`Note: ${former} is not read any more; move over what you need of it.\n`);
}
