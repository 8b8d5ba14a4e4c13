import { ConfigurationError } from "../errors.js";
import type { CommonOptions } from "./common-options.js";
import { chooseStorage, readConfiguration } from "./session.js";
import type { Terminal } from "./terminal.js";

interface Transfer {
  readonly command: string;
  readonly options: Pick<CommonOptions, "config" | "storage">;
}

/** @throws {ConfigurationError} always: experiments cannot be written to a file or read from one yet. */
export async function refuseTransfer(terminal: Terminal, { command, options }: Transfer): Promise<never> {
  const { url } = chooseStorage({ terminal, ...(await readConfiguration(terminal, options)), options });
  const file = url.startsWith("sqlite:") ? url.slice("sqlite:".length) : "FILE";
  throw new ConfigurationError(
    `${command} is not there yet.`,
    `Meanwhile copy the whole database while no worker runs: sqlite3 '${file}' ".backup COPY.sqlite"; ` +
      "--storage sqlite:COPY.sqlite opens the copy.",
  );
}
