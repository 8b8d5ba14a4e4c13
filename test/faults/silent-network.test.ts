import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { openDesk, until } from "../orion.js";
import { missingServer, serverPassword } from "../storage/postgres-server.js";
import { temporaryFolder } from "../temporary-folder.js";
import { missingNetwork } from "./network.js";
import { openFarPost } from "./server-faults.js";

const missing = missingServer ?? missingNetwork;

it.skipIf(missing !== undefined)(
  `a hunt that is told to stop while the network swallows everything goes, and leaves its result in a file (${missing ?? "namespaces"})`,
  async () => {
    await using post = await openFarPost();
    const desk = openDesk(temporaryFolder());
    const near = await post.createDatabase();
    const far = post.addressForWorkers(near).replace(`:${serverPassword}`, "");
    const env = { PGPASSWORD: serverPassword };
    const wait = "while [ ! -e go ]; do sleep 0.05; done";
    const script = desk.script(
      "job.sh",
      `#!/bin/sh\n: > begun\n${wait}\necho '[{"name":"o","type":"objective","value":1}]' > "$ORION_RESULTS_PATH"\n: > done\n`,
    );
    const words = ["hunt", "-n", "cut", "--algorithm", "random", "--exp-max-trials", 2, script, "-x~uniform(0, 1)"];
    const path = (name: string) => join(desk.folder, name);
    const hunt = desk.start(words, { ...env, ORION_STORAGE: far }, post.hosts.workers.enter);
    await until(() => existsSync(path("begun")));

    post.hosts.cut("server");
    desk.file("go", "");
    await until(() => existsSync(path("done")));
    hunt.child.kill("SIGTERM");
    const { code, err } = await hunt.ended; // the cable is still out: it would wait for two minutes, and then for more
    expect(code).toBe(130);
    expect(err).toMatch(/The results of trial 1 are kept in .*\n/);
    expect(err).not.toMatch(/^\s+at /m);

    post.hosts.mend();
    const next = await desk.start(words, { ...env, ORION_STORAGE: near }).ended;
    expect(next.err).toContain("Handed in the results of a trial");
    expect(next.out).toContain("trials completed: 2");
  },
);
