import { readFileSync, statSync } from "node:fs";
import { StorageError } from "../../errors.js";

/** What a line of the file is about. */
export interface Login {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
}

/**
 * The password for a login in a file such as `~/.pgpass`: lines of `host:port:database:user:password`, where `*` stands
 * for anything and `\` before `:` or `\` for the sign itself; the first line that fits counts.
 *
 * @returns `undefined` when the file or a fitting line is missing.
 * @throws {StorageError} when others may read the file.
 * @see https://www.postgresql.org/docs/current/libpq-pgpass.html
 */
export function findPassword(path: string, { host, port, database, user }: Login): string | undefined {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat?.isFile() !== true) return undefined;
  if (process.platform !== "win32" && (stat.mode & 0o077) !== 0) {
    throw new StorageError(`The file of passwords ${path} can be read by others.`, `Run \`chmod 600 ${path}\`.`);
  }
  const wanted = [host.startsWith("/") ? "localhost" : host, String(port), database, user];
  for (const line of readFileSync(path, "utf8").split(/\r?\n/)) {
    if (line.startsWith("#")) continue;
    const fields = [...line.matchAll(/(?:^|:)((?:\\.|[^:\\])*)/g)].map((match) => match[1]!.replace(/\\(.)/g, "$1"));
    if (fields.length < 5) continue;
    if (wanted.every((value, index) => fields[index] === "*" || fields[index] === value)) return fields[4];
  }
  return undefined;
}
