import { defineBackend } from "./backend.js";
import { openDatabase, openSqlite } from "./sqlite.js";

/** The same tables and statements as on disk, so it cannot behave differently; gone when it is closed. */
export default defineBackend({
  summary: "In the memory of one process: tests, and experiments to throw away.",
  open: async (url, options) => openSqlite({ database: await openDatabase(":memory:", url), url, ...options }),
});
