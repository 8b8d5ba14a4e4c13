import path from "node:path";
import { describe, expect, it } from "vitest";
import { storageUrl } from "../../src/config/storage-url.js";
import { userDirectories } from "../../src/config/user-directories.js";
import { ConfigurationError } from "../../src/errors.js";
import { readAddress } from "../../src/storage/postgres/address.js";

const options = {
  dataDirectory: "/home/ada/.local/share/orion",
  currentDirectory: "/home/me/here",
  homeDirectory: "/home/ada",
  source: "my.yaml, line 3",
};

describe("storageUrl", () => {
  it.each([
    [undefined, "sqlite:/home/ada/.local/share/orion/orion.sqlite"],
    ["sqlite:runs.sqlite", "sqlite:/home/me/here/runs.sqlite"],
    ["sqlite:/a/b", "sqlite:/a/b"],
    ["sqlite:///a/b", "sqlite:/a/b"],
    ["SQLite:a b.db", "sqlite:/home/me/here/a b.db"],
    ["./x.sqlite", "sqlite:/home/me/here/x.sqlite"],
    ["../x", "sqlite:/home/me/x"],
    ["x.sqlite", "sqlite:/home/me/here/x.sqlite"],
    ["~/x.sqlite", "sqlite:/home/ada/x.sqlite"],
    ["memory:", "memory:"],
    ["memory", "memory:"],
    ["sqlite::memory:", "memory:"],
    [
      "postgresql://ada:p%40ss@host:5433/runs?sslmode=require",
      "postgresql://ada:p%40ss@host:5433/runs?sslmode=require",
    ],
    ["postgres://host/runs", "postgresql://host/runs"],
    [{ type: "sqlite", path: "runs.sqlite" }, "sqlite:/home/me/here/runs.sqlite"],
    [{ path: "runs.sqlite" }, "sqlite:/home/me/here/runs.sqlite"],
    [{ type: "Memory" }, "memory:"],
    [{ type: "postgresql", url: "postgresql://host/runs" }, "postgresql://host/runs"],
    [
      { type: "postgresql", host: "db", port: 5433, user: "ada", password: "p@/ss", database: "my runs", pool: 2 },
      "postgresql://ada:p%40%2Fss@db:5433/my%20runs?pool=2",
    ],
    [{ type: "postgres", database: "runs" }, "postgresql://localhost/runs"],
    [
      { type: "postgresql", host: "/run/postgresql", user: "ada", database: "runs" },
      "postgresql://ada@localhost/runs?host=%2Frun%2Fpostgresql",
    ],
    [{ type: "postgresql", host: "::1", port: "5433", database: "runs" }, "postgresql://[::1]:5433/runs"],
    [{ type: "postgresql", host: "[::1]", database: "runs" }, "postgresql://[::1]/runs"],
    [
      { type: "postgresql", host: "db", user: "a%41:@", password: "p%4/@?#", database: "r%2F/s" },
      "postgresql://a%2541%3A%40:p%254%2F%40%3F%23@db/r%252F%2Fs",
    ],
    [{ type: "postgresql", host: null, password: null, port: null, database: "runs" }, "postgresql://localhost/runs"],
    [{ type: "postgresql", database: "runs", listen: false }, "postgresql://localhost/runs?listen=off"],
    [{ type: null, path: "runs.sqlite", database: null }, "sqlite:/home/me/here/runs.sqlite"],
  ])("%j is %s", (setting, url) => {
    expect(storageUrl(setting, options)).toBe(url);
    expect(storageUrl(url, options)).toBe(url);
  });

  it.each([
    [{ type: "legacy", database: { type: "pickleddb", host: "a.pkl" } }, /pickleddb/],
    [{ database: { type: "mongodb" } }, /mongodb/],
    [{ database: {} }, /\?/],
    [{ type: "track" }, /track/],
    [{ type: "sqlite" }, /\{type: sqlite\} with nothing else/],
    [{ type: "redis", file: "a" }, /with the keys file/],
    [{ type: "constructor" }, /constructor/],
    ["mysql://ada:secret@host/runs", /"mysql:…"/],
    ["pickleddb", /"pickleddb"/],
    ["sqlite:", /"sqlite:…"/],
    ["postgresql:runs", /"postgresql:…"/],
  ])("%j is refused, saying where it stands and what to write", (setting, message) => {
    const attempt = () => storageUrl(setting, options);
    expect(attempt).toThrow(ConfigurationError);
    expect(attempt).toThrow(message);
    expect(attempt).toThrow("(my.yaml, line 3)");
    expect(attempt).toThrow(expect.objectContaining({ remedy: expect.stringContaining("sqlite:FILE") }));
    expect(attempt).not.toThrow(/secret/);
  });

  it.each([
    ['"postgresql://ada:secret@host/runs"', "postgresql:"],
    ["'postgres://ada:secret@host/runs'", "postgres:"],
    ["=SQLite:/a/b", "SQLite:"],
    ["ORION_STORAGE=postgresql://ada:secret@host/runs", "postgresql:"],
  ])("%s is no file: something stands before the address", (text, scheme) => {
    const attempt = () => storageUrl(text, options);
    expect(attempt).toThrow(ConfigurationError);
    expect(attempt).toThrow(`something before its "${scheme}" (my.yaml, line 3)`);
    expect(attempt).not.toThrow(/secret/);
    expect(storageUrl(`sqlite:${text}`, options)).toBe(`sqlite:${path.resolve("/home/me/here", text)}`);
    expect(storageUrl("./mysqlite:1", options)).toBe("sqlite:/home/me/here/mysqlite:1");
  });

  it.each([
    ["host", { host: "127.0.0.1:54871" }],
    ["host", { host: "bad host" }],
    ["host", { host: "ada:secret@db" }],
    ["host", { host: "db%20" }],
    ["host", { host: "" }],
    ["host", { host: "::1::" }],
    ["port", { port: 99999 }],
    ["port", { port: 0 }],
    ["port", { port: "abc" }],
    ["port", { port: 5432.5 }],
    ["password", { password: ["secret"] }],
    ["user", { user: true }],
    ["database", { database: false }],
    ["pool", { pool: [2] }],
    ["url", { url: "sqlite:secret" }],
    ["url", { url: 5 }],
    ["host", { url: "postgresql://host/runs", host: "other" }],
  ])("refuses the key %s of a PostgreSQL server by name: %j", (key, setting) => {
    const attempt = () => storageUrl({ type: "postgresql", ...setting }, options);
    expect(attempt).toThrow(ConfigurationError);
    expect(attempt).toThrow(`The key "${key}" of the storage `);
    expect(attempt).toThrow("(my.yaml, line 3)");
    expect(attempt).toThrow(expect.objectContaining({ remedy: expect.stringMatching(/./) }));
    expect(attempt).not.toThrow(/secret/);
  });

  it.each([
    ["pathh", { type: "sqlite", path: "x", pathh: "y" }, 'Did you mean "path"?'],
    ["timeout", { path: "x", timeout: 5 }, "It has the keys type, path."],
    ["file", { type: "sqlite", file: "x" }, "It has the keys type, path."],
    ["path", { type: "sqlite", path: 5 }, "Put quotes around it."],
    ["path", { type: "memory", path: "x" }, "It has no keys but type."],
  ])("refuses the key %s in %j", (key, setting, remedy) => {
    const attempt = () => storageUrl(setting, options);
    expect(attempt).toThrow(ConfigurationError);
    expect(attempt).toThrow(`The key "${key}" of the storage `);
    expect(attempt).toThrow(expect.objectContaining({ remedy }));
  });

  it("says the same to the driver as the mapping says", () => {
    const login = { host: "::1", port: 5433, user: "a%41:@", password: "p%4/@?#", database: "r%2F/s" };
    expect(readAddress(storageUrl({ type: "postgresql", ...login }, options))).toMatchObject(login);
  });
});

describe("userDirectories", () => {
  it("follow the XDG variables when these are absolute", () => {
    const env = { XDG_DATA_HOME: "/d", XDG_CACHE_HOME: "relative", XDG_CONFIG_HOME: "" };
    expect(userDirectories({ env, homeDirectory: "/home/ada" })).toEqual({
      config: "/home/ada/.config/orion",
      data: "/d/orion",
      cache: "/home/ada/.cache/orion",
      siteConfig: ["/etc/xdg"],
    });
  });
});
