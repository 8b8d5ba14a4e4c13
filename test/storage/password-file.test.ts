import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { findPassword } from "../../src/storage/postgres/password-file.js";
import { temporaryFolder } from "../temporary-folder.js";

const login = { host: "db", port: 5432, database: "runs", user: "ada" };

it.each([
  ["db:5432:runs:ada:secret", "secret"],
  ["*:*:*:*:se\\:cr\\\\et", "se:cr\\et"],
  ["db:5432:runs:bob:no\n\n# db:5432:runs:ada:no\ndb:*:runs:ada:yes\n*:*:*:*:later", "yes"],
  ["db:5433:runs:ada:no", undefined],
  ["db:5432:runs:ada", undefined],
  ["", undefined],
])("%j has the password %j", (text, password) => {
  const path = join(temporaryFolder(), "passwords");
  writeFileSync(path, text, { mode: 0o600 });
  expect(findPassword(path, login)).toBe(password);
});

it("a socket is called localhost, and no file is no password", () => {
  const path = join(temporaryFolder(), "passwords");
  expect(findPassword(path, login)).toBeUndefined();
  writeFileSync(path, "localhost:5432:*:*:here", { mode: 0o600 });
  expect(findPassword(path, { ...login, host: "/run/postgresql" })).toBe("here");
});
