import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ledgerScript, openDesk, readCalls, until } from "../orion.js";
import { missingServer, type PostgresServer, serverPassword, startPostgres } from "../storage/postgres-server.js";
import { temporaryFolder } from "../temporary-folder.js";

describe.skipIf(missingServer !== undefined)(`hunts on PostgreSQL (${missingServer ?? "the system's"})`, () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server?.[Symbol.asyncDispose]());

  it("eight workers lose nothing and do nothing twice while the server crashes, and never show the password", async () => {
    const desk = openDesk(temporaryFolder());
    const url = await server.createDatabase();
    const env = { ORION_STORAGE: url.replace(`:${serverPassword}`, ""), PGPASSWORD: serverPassword };
    const script = desk.script("job.sh", ledgerScript("sleep 0.1"));
    const words = ["hunt", "-n", "many", "--exp-max-trials", 40, script, "-x~uniform(0, 1)"];
    const hunts = Array.from({ length: 8 }, () => desk.start(words, env));
    const count = () => {
      try {
        return readCalls(desk).filter((call) => call.what === "end").length;
      } catch {
        return 0;
      }
    };
    for (const [index, how] of (["immediate", "fast"] as const).entries()) {
      await until(() => count() >= 10 * (index + 1));
      await server.stop(how);
      await server.start();
    }
    const ends = await Promise.all(hunts.map((hunt) => hunt.ended));
    const status = await desk.start(["status", "-n", "many", "--json"], env).ended;
    const shown = [...ends, status].map(({ out, err }) => out + err).join("\n");
    expect(ends.map(({ code }) => code)).toEqual(Array(8).fill(0));
    expect(shown).not.toContain(serverPassword);
    const begun = readCalls(desk).filter((call) => call.what === "begin");
    expect(new Set(begun.map((call) => call.trial)).size).toBe(40);
    expect(begun).toHaveLength(40);
    expect(JSON.parse(status.out)).toMatchObject([{ trials: { completed: 40 } }]);
  });

  it("a password on the command line is warned of, and works", async () => {
    const desk = openDesk(temporaryFolder());
    const url = await server.createDatabase();
    const { code, err, out } = await desk.orion("list", "--storage", url);
    expect(code).toBe(0);
    expect(err).toContain("PGPASSWORD");
    expect(out + err).not.toContain(serverPassword);
    expect((await desk.orion("db", "test", "--storage", url)).out).toContain("Success");
  });
});
