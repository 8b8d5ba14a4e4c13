import { openStorage } from "../../src/storage/registry.js";
import type { Storage } from "../../src/storage/storage.js";
import { storageContract } from "../../src/testing/storage-contract.js";
import type { PostgresServer } from "./postgres-server.js";

/** The contract suite on a server that is there once the tests run. */
export function postgresContract(name: string, server: () => Pick<PostgresServer, "createDatabase" | "query">): void {
  const urls = new WeakMap<Storage, string>();
  /** Databases of tests that have ended: to make a new one takes ten times as long as to empty one. */
  const free: string[] = [];
  storageContract(name, {
    open: async () => {
      const used = free.pop();
      const url = used ?? (await server().createDatabase());
      const tables = "orion.experiments, orion.histories, orion.trials";
      if (used !== undefined) await server().query(used, `truncate ${tables} restart identity cascade`);
      const opened = await openStorage(url);
      let closing: Promise<void> | undefined;
      const close = () => {
        closing ??= opened.close().then(() => void free.push(url));
        return closing;
      };
      const storage: Storage = { ...opened, close, [Symbol.asyncDispose]: close };
      urls.set(storage, url);
      return storage;
    },
    reopen: (storage) => openStorage(urls.get(storage)!),
  });
}
