import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { openStorage } from "../../src/storage/registry.js";
import type { Trial } from "../../src/trial/trial.js";
import { type Desk, type Ended, openDesk } from "../orion.js";
import { temporaryFolder } from "../temporary-folder.js";

let desk: Desk;

/**
 * Trains up to its number of epochs from the checkpoint that it finds, and writes each epoch that it really does into a
 * ledger: of the trial, and of what the checkpoint remembers to have been before.
 */
const program = `#!/bin/sh
cd "$ORION_WORKING_DIR" || exit 1
step=0
[ ! -f checkpoint ] || step=$(cat checkpoint)
from=$step
while [ $step -lt $4 ]; do
  step=$((step + 1))
  echo "$ORION_TRIAL_ID $step" >> "$LEDGER"
  echo $step >> history
done
echo $step > checkpoint.new && mv checkpoint.new checkpoint
seen=$(tr '\\n' ' ' < history)
echo '[{"name": "loss", "type": "objective", "value": '$2'},
  {"name": "from", "type": "statistic", "value": '$from'}, {"name": "seen", "type": "statistic", "value": "'$seen'"}]' > "$ORION_RESULTS_PATH"
`;

beforeEach(() => {
  desk = openDesk(temporaryFolder());
});

/** The steps of each trial by the ledger, when its hunts have ended: two processes with four workers each. */
async function hunt(name: string, algorithm: string, maxTrials: number) {
  const script = desk.script("train.sh", program);
  const ledger = join(desk.folder, `${name}.ledger`);
  const words = ["hunt", "-n", name, "--exp-max-trials", maxTrials, "--n-workers", 4, "--algorithm", algorithm];
  const begin = () =>
    desk.start([...words, script, "-x~uniform(0, 1)", "--epochs~fidelity(1, 9, base=3)"], { LEDGER: ledger }).ended;
  for (const { code, err } of await Promise.all<Ended>([begin(), begin()])) {
    expect([code, err]).toEqual([0, expect.not.stringContaining("broken")]);
  }
  const steps = new Map<string, number[]>();
  for (const line of desk.read(`${name}.ledger`).trim().split("\n")) {
    const [id, step] = line.split(" ") as [string, string];
    steps.set(id, [...(steps.get(id) ?? []), Number(step)]);
  }
  const storage = await openStorage(desk.storage);
  try {
    const record = await storage.getExperiment(name);
    return { trials: await storage.listTrials(record!.id), steps };
  } finally {
    await storage.close();
  }
}

describe("a trial that continues another", () => {
  it.each([
    // the search ends by itself, so that the last number, of trials that continue others, does not depend on the time
    ["asha", "asha:seed=1,repetitions=3", 99, 12],
    ["hyperband", "hyperband:seed=1,repetitions=2", 99, 10],
    ["bohb", "bohb:seed=1,repetitions=2,min_points_in_model=3", 99, 10],
    ["dehb", "dehb:seed=1,repetitions=1", 99, 4], // of the first bracket: what comes later are new configurations
    ["evolutiones", "evolutiones:seed=1,nums_population=8,repetitions=1", 99, 8],
    ["pbt", "pbt:seed=1,population_size=8,generations=3", 99, 24],
    ["pb2", "pb2:seed=1,population_size=8,generations=3", 99, 24],
    ["auto", "auto:seed=1", 30, 3],
  ])(
    "goes on from its checkpoint: %s, with 8 workers, does each step of a lineage once",
    async (name, algorithm, maxTrials, continued) => {
      const { trials, steps } = await hunt(name, algorithm, maxTrials);
      const byId = new Map(trials.map((trial) => [trial.id, trial]));
      const lineageOf = ({ id, parent }: Trial): readonly number[] => [
        ...(parent === undefined ? [] : lineageOf(byId.get(parent)!)),
        ...(steps.get(id) ?? []),
      ];
      for (const trial of trials) {
        expect(lineageOf(trial)).toEqual(Array.from({ length: trial.params["/epochs"] as number }, (_, i) => i + 1));
      }
      expect(trials.filter(({ parent }) => parent !== undefined).length).toBeGreaterThanOrEqual(continued);
      // the search is over, and its directories with it
      const cache = join(desk.env.HOME!, ".cache", "orion");
      expect(existsSync(cache) ? readdirSync(cache, { recursive: true }) : []).toEqual([]);
    },
  );
});
