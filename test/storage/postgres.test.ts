import { afterAll, beforeAll, describe } from "vitest";
import { openStorage } from "../../src/storage/registry.js";
import type { Storage } from "../../src/storage/storage.js";
import { storageContract } from "../../src/testing/storage-contract.js";
import { missingServer, type PostgresServer, startPostgres } from "./postgres-server.js";

describe.skipIf(missingServer !== undefined)(`PostgreSQL (${missingServer ?? "the system's"})`, () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server?.[Symbol.asyncDispose]());

  const urls = new WeakMap<Storage, string>();
  let contractUrl: string | undefined;
  const open = async (url: string) => {
    const storage = await openStorage(url);
    urls.set(storage, url);
    return storage;
  };

  storageContract("postgres", {
    open: async () => {
      // Emptied for each test: to make a new one takes ten times as long.
      if (contractUrl === undefined) contractUrl = await server.createDatabase();
      else
        await server.query(
          contractUrl,
          "truncate orion.experiments, orion.histories, orion.trials restart identity cascade",
        );
      return open(contractUrl);
    },
    reopen: (storage) => open(urls.get(storage)!),
  });
});
