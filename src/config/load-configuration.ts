import path from "node:path";
import { CommandLineError, ConfigurationError } from "../errors.js";
import { fileTrouble } from "../file-trouble.js";
import { type Configuration, createConfiguration } from "./configuration.js";
import { type ReadLayer, readEnvironmentLayer, readFileLayer } from "./read-layer.js";
import { type UserWorld, userDirectories } from "./user-directories.js";

export interface LoadOptions extends UserWorld {
  /** The file given with `-c`. */
  readonly localFile?: string | undefined;
  /** Rejects with an error whose `code` is `ENOENT` when there is no such file. */
  readonly readFile: (path: string) => Promise<Uint8Array>;
}

/**
 * Read all layers of the configuration: the files of the machine and of the user, the environment, the local file.
 *
 * @throws {ConfigurationError} for a mistake in a global file or a variable.
 * @throws {UsageError} for a mistake in the local file.
 * @throws {CommandLineError} when the local file cannot be read.
 */
export async function loadConfiguration({
  env,
  homeDirectory,
  localFile,
  readFile,
}: LoadOptions): Promise<Configuration> {
  const layers: ReadLayer[] = [];
  for (const places of globalFiles({ env, homeDirectory })) {
    const file = await readFirst(places, readFile);
    if (file !== undefined) layers.push(await readFileLayer({ ...file, origin: "global" }));
  }
  layers.push(readEnvironmentLayer(env));
  if (localFile !== undefined) {
    const text = await readLocal(localFile, readFile);
    layers.push(await readFileLayer({ path: localFile, text, origin: "local" }));
  }
  return createConfiguration(
    layers.map(({ layer }) => layer),
    layers.flatMap(({ warnings }) => warnings),
  );
}

/**
 * The places of the global files, low to high. In each place our own file is looked for first, then the one that Oríon
 * would read.
 */
function globalFiles(world: UserWorld): readonly (readonly [string, string])[] {
  const { config, siteConfig } = userDirectories(world);
  const folders = [...siteConfig.toReversed(), path.dirname(config)];
  return folders.map((folder) => [
    path.join(folder, "orion", "orion_config.yaml"),
    path.join(folder, "orion.core", "orion_config.yaml"),
  ]);
}

async function readFirst(places: readonly string[], readFile: LoadOptions["readFile"]) {
  for (const place of places) {
    try {
      return { path: place, text: decode(await readFile(place)) };
    } catch (error) {
      if (isAbsent(error)) continue;
      throw new ConfigurationError(
        `Configuration file "${place}" cannot be read: ${reasonOf(error)}.`,
        "Make it readable, or remove it.",
        { cause: error },
      );
    }
  }
  return undefined;
}

async function readLocal(localFile: string, readFile: LoadOptions["readFile"]): Promise<string> {
  try {
    return decode(await readFile(localFile));
  } catch (error) {
    const reason = isAbsent(error) ? "there is no such file" : reasonOf(error);
    const message = `Configuration file "${localFile}" cannot be read: ${reason}.`;
    throw new CommandLineError(message, "Check the path after -c.", { cause: error });
  }
}

/** What is no UTF-8 would become names and paths with other signs in them. */
function decode(bytes: Uint8Array): string {
  return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
}

function isAbsent(error: unknown): boolean {
  const code = errorCode(error);
  return code === "ENOENT" || code === "ENOTDIR";
}

function errorCode(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}

/** As words. */
function reasonOf(error: unknown): string {
  const code = errorCode(error);
  if (typeof code !== "string") throw error;
  return code === "ERR_ENCODING_INVALID_ENCODED_DATA" ? "it is not UTF-8" : fileTrouble(error);
}
