import { loadNamed, type Registry } from "../registry.js";
import type { Backend, OpenOptions } from "./backend.js";
import type { Storage } from "./storage.js";

/** Backends by the scheme of their URL. */
export const backends = {
  sqlite: () => import("./sqlite.js"),
  memory: () => import("./memory.js"),
  postgres: () => import("./postgres.js"),
} satisfies Registry<Backend>;

/**
 * Open the storage at a URL: `sqlite:/path/to/file.sqlite`, `memory:`, `postgresql://user@host/database`.
 *
 * @throws {UnknownNameError} for a scheme that no backend serves.
 * @throws {StorageError} when the database cannot be used.
 */
export async function openStorage(url: string, options: OpenOptions = {}): Promise<Storage> {
  const scheme = url.slice(0, Math.max(0, url.indexOf(":")));
  const { module } = await loadNamed<Backend>("kind of storage", backends, scheme, { postgresql: "postgres" });
  return module.open(url, options);
}
