import type { Storage } from "./storage.js";

export interface OpenOptions {
  /** Create the database when it is not there yet (default true). */
  readonly create?: boolean;
  /** Bring an older schema up to date instead of refusing it (default false). */
  readonly upgrade?: boolean;
  /**
   * Only reading calls will follow (default false). A database that may not be written to is then opened all the same,
   * where it can be read whole.
   */
  readonly forReading?: boolean;
  /** Where passwords of servers are looked up (default `~/.pgpass`). */
  readonly passwordFile?: string;
}

/** A storage backend: the default export of its file, found by the scheme of its URL in `registry.ts`. */
export interface Backend {
  readonly summary: string;
  open(url: string, options: OpenOptions): Promise<Storage>;
}

export function defineBackend(backend: Backend): Backend {
  return backend;
}
