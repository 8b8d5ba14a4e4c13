import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { expect, onTestFinished, test, vi } from "vitest";
import { openJobRecords } from "../../src/executors/slurm/records.js";
import { startWatcher } from "../../src/executors/slurm/watch.js";
import { until } from "../orion.js";

const makeFolder = () => {
  const folder = mkdtempSync(join(tmpdir(), "orion-slurm-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
};

test("an exit code counts when its line is whole", async () => {
  const folder = makeFolder();
  const exitPath = join(folder, "0.exit");
  writeFileSync(exitPath, "");
  const { ended } = startWatcher({ queueMs: 3_600_000 }).follow({ job: "1", exitPath });
  const looks = pause(300, "still watched"); // several looks at the file
  expect(await Promise.race([ended, looks])).toBe("still watched");
  appendFileSync(exitPath, "0\n");
  expect(await ended).toEqual({ kind: "exited", exitCode: 0 });
});

test.each([
  ["is a directory", (path: string) => mkdirSync(path)],
  ["is listed, and gone when it is read", (path: string) => symlinkSync(`${path}.gone`, path)],
])("a file that %s has no exit code yet, and holds up no other job", async (_title, spoil) => {
  const folder = makeFolder();
  const [spoilt, other] = [join(folder, "0.exit"), join(folder, "1.exit")];
  spoil(spoilt);
  const watcher = startWatcher({ queueMs: 3_600_000 });
  const first = watcher.follow({ job: "1", exitPath: spoilt });
  writeFileSync(other, "0\n");
  const second = watcher.follow({ job: "2", exitPath: other });
  expect(await second.ended).toEqual({ kind: "exited", exitCode: 0 }); // looked at behind the first one
  rmSync(spoilt, { recursive: true });
  writeFileSync(spoilt, "0\n");
  expect(await first.ended).toEqual({ kind: "exited", exitCode: 0 });
});

test("jobs that wait in the queue are told of with the reason, once until they run", async () => {
  const folder = makeFolder();
  const queue = (text: string) => {
    writeFileSync(join(folder, "queue.part"), text);
    renameSync(join(folder, "queue.part"), join(folder, "queue"));
  };
  mkdirSync(join(folder, "bin"));
  const looks = join(folder, "looks");
  writeFileSync(join(folder, "bin/squeue"), `#!/bin/sh\ncat ${folder}/queue\necho >> ${looks}\n`, { mode: 0o755 });
  vi.stubEnv("PATH", `${folder}/bin:${process.env.PATH}`);
  onTestFinished(() => void vi.unstubAllEnvs());
  const lookedAt = async () => {
    const count = () => (existsSync(looks) ? readFileSync(looks).length : 0);
    const before = count();
    await until(() => count() >= before + 3); // the one before the last was seen to its end
  };
  queue("1_0|RUNNING|None\n1_1|PENDING|Resources\n1_2|PENDING|Priority\n");
  const watcher = startWatcher({ queueMs: 1, patienceMs: 0 });
  const notes: string[] = [];
  const jobs = [0, 1, 2].map((task) =>
    watcher.follow({ job: `1_${task}`, exitPath: join(folder, `${task}.exit`) }, (note) => notes.push(note)),
  );
  await lookedAt();
  expect(notes).toEqual(["2 trials wait in Slurm's queue (Priority, Resources): see squeue --me."]);
  queue("1_0|RUNNING|None\n1_1|RUNNING|None\n1_2|RUNNING|None\n");
  await lookedAt();
  queue("1_0|RUNNING|None\n1_1|RUNNING|None\n1_2|PENDING|Priority\n"); // put back into it
  await lookedAt();
  expect(notes.slice(1)).toEqual(["1 trial waits in Slurm's queue (Priority): see squeue --me."]);
  for (const task of [0, 1, 2]) writeFileSync(join(folder, `${task}.exit`), "0\n");
  await Promise.all(jobs.map(({ ended }) => ended));
});

test("the queue is not asked when the files say that all jobs have ended", async () => {
  const folder = makeFolder();
  const looks = join(folder, "looks");
  writeFileSync(join(folder, "squeue"), `#!/bin/sh\necho >> ${looks}\n`, { mode: 0o755 });
  vi.stubEnv("PATH", `${folder}:${process.env.PATH}`);
  onTestFinished(() => void vi.unstubAllEnvs());
  const watcher = startWatcher({ queueMs: 1 });
  const exitPath = join(folder, "0.exit");
  writeFileSync(exitPath, "0\n");
  await watcher.follow({ job: "1", exitPath }).ended;
  await watcher.follow({ job: "2", exitPath }).ended; // comes after a look at the queue, if there is one
  expect(existsSync(looks)).toBe(false);
});

test("files of a job that cannot be removed do not stand in the way of its end", () => {
  const folder = makeFolder();
  const exitPath = join(folder, "0.exit");
  mkdirSync(join(folder, "0.log"));
  writeFileSync(exitPath, "0\n");
  const evaluation = { kind: "command", argv: ["true"], environment: {}, directory: "/" } as const;
  const files = { stdoutPath: join(folder, "out"), stderrPath: join(folder, "err") };
  openJobRecords(folder).remove({ job: "1", exitPath, evaluation: { ...evaluation, ...files } });
  expect(readdirSync(folder)).toEqual(["0.log"]);
});
