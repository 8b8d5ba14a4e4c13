import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { createSubmitter } from "../../src/executors/slurm/submit.js";

const unreachable = "sbatch: error: Batch job submission failed: Unable to contact slurm controller (connect failure)";
const timedOut = "sbatch: error: Batch job submission failed: Socket timed out on send/recv operation";
const overLimit =
  "sbatch: error: AssocMaxSubmitJobLimit\nsbatch: error: Batch job submission failed: Job violates accounting/QOS policy (job submit limit, user's size and/or time limits)";
const refused =
  "sbatch: error: Batch job submission failed: Invalid account or account/partition combination specified";

/**
 * A cluster whose `sbatch` complains as told, one line for each call, and then takes the job as number 7.
 *
 * @param isTaken - It takes the job nevertheless when it complains.
 */
function fakeCluster(complaints: readonly string[], isTaken = false) {
  const folder = mkdtempSync(join(tmpdir(), "orion-submit-"));
  onTestFinished(() => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true });
  });
  const at = (name: string) => join(folder, name);
  for (const name of ["bin", "jobs"]) mkdirSync(at(name));
  for (const [index, complaint] of complaints.entries()) writeFileSync(at(`complaint-${index + 1}`), complaint);
  const program = (name: string, text: string) => {
    writeFileSync(at(`bin/${name}`), `#!/bin/sh\n${text}`);
    chmodSync(at(`bin/${name}`), 0o755);
  };
  const take = `for word do case $word in --comment=*) echo "7|\${word#--comment=}" >> ${at("queue")} ;; esac; done`;
  program(
    "sbatch",
    `echo "$*" >> ${at("calls")}
complaint=${at("complaint")}-$(wc -l < ${at("calls")})
if [ -f "$complaint" ]; then
  ${isTaken ? take : ":"}
  cat "$complaint" >&2
  exit 1
fi
${take}
echo 7`,
  );
  program("squeue", `cat ${at("queue")} 2> /dev/null || true`);
  vi.stubEnv("PATH", `${at("bin")}:${process.env.PATH}`);
  const evaluation = {
    kind: "command",
    id: "t1",
    argv: ["true"],
    environment: {},
    directory: "/",
    stdoutPath: at("out"),
    stderrPath: at("err"),
  } as const;
  return {
    submitter: createSubmitter({ folder: at("jobs"), words: [] }),
    evaluation,
    calls: () => readFileSync(at("calls"), "utf8").trim().split("\n").length,
    files: () => readdirSync(at("jobs")),
  };
}

test.each([
  ["its controller is away", unreachable, "Unable to contact slurm controller"],
  ["this user has as many jobs as allowed", overLimit, "job submit limit"],
])("a job waits while %s, and that is said", async (_title, complaint, said) => {
  const { submitter, evaluation, calls, files } = fakeCluster([complaint]);
  const onNote = vi.fn();
  const job = await submitter.submit(evaluation, { signal: new AbortController().signal, onNote });
  expect(job).toMatchObject({ job: "7", exitPath: expect.stringContaining(files()[0]!) });
  expect(calls()).toBe(2);
  expect(onNote.mock.calls).toEqual([[expect.stringMatching(new RegExp(`${said}.*Trying again\\.$`))]]);
});

test("a job that was taken though the answer was lost is not handed in once more", async () => {
  const { submitter, evaluation, calls, files } = fakeCluster([timedOut], true);
  const job = await submitter.submit(evaluation, { signal: new AbortController().signal });
  expect(job).toMatchObject({ job: "7" });
  expect(calls()).toBe(1);
  expect(files()).toHaveLength(1); // it reads them when it starts
});

test("a stop ends the wait, and leaves nothing that such a job could do", async () => {
  const { submitter, evaluation, files } = fakeCluster(Array(9).fill(unreachable));
  const stop = new AbortController();
  const waiting = submitter.submit(evaluation, { signal: stop.signal, onNote: () => stop.abort() });
  expect(await waiting).toBeUndefined();
  expect(files()).toEqual([]);
});

test("what no wait would mend is told at once", async () => {
  const { submitter, evaluation, calls } = fakeCluster([refused]);
  const waiting = submitter.submit(evaluation, { signal: new AbortController().signal });
  await expect(waiting).rejects.toThrow("sbatch refused: Batch job submission failed: Invalid account");
  expect(calls()).toBe(1);
});
