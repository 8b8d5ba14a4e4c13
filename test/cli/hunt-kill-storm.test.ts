import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { keyedRng } from "../../src/math/rng.js";
import { openStorage } from "../../src/storage/registry.js";
import { type Call, isAlive, ledgerScript, openDesk, type Run, readCalls, until } from "../orion.js";
import { temporaryFolder } from "../temporary-folder.js";

const processes = 8;
const maxTrials = 200;

/**
 * The promise of the whole project, attacked: any worker may die at any line. Eight processes share 200 trials; one
 * after the other is killed without warning and started again until the work is done.
 */
it.each([1, 2, 3, 4, 5])(
  "kill -9 at random moments loses nothing and does nothing twice (storm %i)",
  async (storm) => {
    const desk = openDesk(temporaryFolder());
    const script = desk.script("trial.sh", ledgerScript("sleep 0.02"));
    const rng = keyedRng("storm", storm);
    const killed = new Set<number>();
    const begin = () => desk.start(["hunt", "-n", "storm", "--exp-max-trials", maxTrials, script, "-x~uniform(0, 1)"]);
    const runs: Run[] = Array.from({ length: processes }, begin);

    let isOver = false;
    const keepGoing = async (slot: number): Promise<void> => {
      for (;;) {
        const { code, signal, out, err } = await runs[slot]!.ended;
        if (signal !== "SIGKILL") {
          expect({ code, out: code === 0 ? "" : out, err: code === 0 ? "" : err }).toEqual({
            code: 0,
            out: "",
            err: "",
          });
          return;
        }
        runs[slot] = begin();
      }
    };
    const workers = Promise.all(runs.map((_, slot) => keepGoing(slot))).finally(() => {
      isOver = true;
    });
    const storming = (async () => {
      await until(() => existsSync(join(desk.folder, "calls.txt")) || isOver);
      for (let kills = 0; kills < 25 && !isOver; kills++) {
        await new Promise((resolve) => setTimeout(resolve, 20 + rng.below(200)));
        const victim = runs[rng.below(processes)]!;
        if (victim.child.exitCode === null && victim.child.kill("SIGKILL")) killed.add(victim.pid);
      }
    })();
    await workers;
    await storming;

    await using storage = await openStorage(desk.storage);
    const experiment = (await storage.getExperiment("storm"))!;
    const trials = await storage.listTrials(experiment.id);
    expect(trials.filter((trial) => trial.status === "completed")).toHaveLength(maxTrials);
    expect(trials).toHaveLength(maxTrials);
    expect(new Set(trials.map((trial) => trial.id)).size).toBe(maxTrials);
    expect(await storage.checks[0]!.run()).toBe("ok");
    expect((await storage.reserveTrial(experiment.id, { worker: "late", leaseMs: 1 })).kind).toBe("done");

    // A trial that was evaluated again was taken from a worker that we killed, never from one that lived.
    const evaluations = new Map<string, Call[]>();
    for (const call of readCalls(desk)) {
      if (call.what === "begin") evaluations.set(call.trial, [...(evaluations.get(call.trial) ?? []), call]);
    }
    expect(evaluations.size).toBe(maxTrials);
    for (const calls of evaluations.values()) {
      const living = calls.filter((call) => !killed.has(Number(call.worker.split(":")[1])));
      expect(living.length).toBeLessThanOrEqual(1);
    }
    expect(killed.size).toBeGreaterThan(3);
    await until(() => readCalls(desk).every((call) => !isAlive(call.pid)));
  },
  120_000,
);
