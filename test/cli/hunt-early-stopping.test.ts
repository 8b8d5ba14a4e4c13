import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { type Desk, openDesk } from "../orion.js";
import { temporaryFolder } from "../temporary-folder.js";

let desk: Desk;

/** Reports its parameter as its value, and goes on without end when that is above 0.5: only a stop ends it. */
const program = (onStop: string) => `#!/bin/sh
trap '${onStop}' TERM
step=0
while :; do
  step=$((step + 1))
  echo "$step $2" >> "$ORION_REPORT_PATH"
  case $2 in 0.[0-4]* | 0.[0-9]*e*) break ;; esac
  [ $step -lt 3 ] || sleep 0.05
done
echo '[{"name": "loss", "type": "objective", "value": '$2'}]' > "$ORION_RESULTS_PATH"
`;

beforeEach(() => {
  desk = openDesk(temporaryFolder());
});

interface Shown {
  readonly id: string;
  readonly status: string;
  readonly objective: number;
  readonly params: { readonly "/x": number };
}

async function trialsOf(name: string): Promise<readonly Shown[]> {
  const [entry] = await desk.json("status", "-n", name, "--all");
  return entry.trialList;
}

describe("a trial that a rule gives up", () => {
  it("is completed with the last value that it reported", async () => {
    const script = desk.script("train.sh", program("exit 1"));
    const hunt = ["hunt", "-n", "early", "--exp-max-trials", 8, "--n-workers", 2, "--stopping", "threshold:upper=0.5"];
    const { code, err } = await desk.orion(...hunt, "--algorithm", "random:seed=1", script, "-x~uniform(0, 1)");
    expect([code, err]).toEqual([0, expect.not.stringContaining("broken")]);
    const trials = await trialsOf("early");
    expect(trials.map(({ status }) => status)).toEqual(Array(8).fill("completed"));
    for (const { id, objective, params } of trials) {
      expect(objective).toBe(params["/x"]);
      const trial = await desk.json("info", "-n", "early", "--trial", id);
      if (params["/x"] <= 0.5) expect(trial.stoppedAt).toBeNull();
      else expect(trial.stoppedAt).toBeGreaterThanOrEqual(1);
    }
    expect(trials.some(({ params }) => params["/x"] > 0.5)).toBe(true);
  });

  it("may report its results itself when it is asked to stop, and sees why", async () => {
    const report =
      'cp "$ORION_STOP_PATH" why.txt; echo "[{\\"name\\": \\"o\\", \\"type\\": \\"objective\\", \\"value\\": 42}]" > "$ORION_RESULTS_PATH"; exit 0';
    const script = desk.script("train.sh", program(report));
    const hunt = ["hunt", "-n", "own", "--exp-max-trials", 1, "--stopping", "threshold:upper=0.5"];
    await desk.orion(...hunt, script, "-x~uniform(0.6, 1)");
    expect(await trialsOf("own")).toMatchObject([{ status: "completed", objective: 42 }]);
    expect(desk.read("why.txt")).toMatch(/is above 0.5/);
  });
});

describe("a search", () => {
  const script = () =>
    desk.script(
      "f.sh",
      `#!/bin/sh\necho "[{\\"name\\":\\"o\\",\\"type\\":\\"objective\\",\\"value\\":$2}]" > "$ORION_RESULTS_PATH"\n`,
    );

  it("ends at its target, and the next worker knows", async () => {
    const hunt = ["hunt", "-n", "target", "--exp-max-trials", 500, "--target", 0.2, script(), "-x~uniform(0, 1)"];
    const { code, out } = await desk.orion(...hunt);
    expect(code).toBe(0);
    expect(out).toContain("Search ended. The target 0.2 is reached.");
    expect(Math.min(...(await trialsOf("target")).map(({ objective }) => objective))).toBeLessThanOrEqual(0.2);
    expect((await desk.orion("hunt", "-n", "target")).out).toContain("The target 0.2 is reached.");
  });

  it("keeps its rule and its limits when others are set up for all searches", async () => {
    const folder = join(desk.env.HOME!, ".config/orion");
    mkdirSync(folder, { recursive: true });
    const file = join(folder, "orion_config.yaml");
    writeFileSync(file, "experiment: {stopping: asha, target: 3}\n");
    await desk.orion("hunt", "-n", "all", "--exp-max-trials", 0, script(), "-x~uniform(0, 1)");
    writeFileSync(file, "experiment: {stopping: none, target: 5, max_cost: 7}\n");
    await desk.orion("hunt", "-n", "all", "--patience", 9);
    rmSync(file);
    const kept = { stopping: { asha: {} }, target: 3, patience: 9, maxCost: null };
    expect(await desk.json("info", "-n", "all")).toMatchObject(kept);
  });

  it("ends when nothing improves any more, until its patience is raised", async () => {
    const hunt = ["hunt", "-n", "patience", "--patience", 3, "--worker-max-trials", 200, script(), "-x~uniform(0, 1)"];
    expect((await desk.orion(...hunt)).out).toMatch(/No improvement in \d+ trials/);
    const { out } = await desk.orion("hunt", "-n", "patience", "--patience", 500, "--worker-max-trials", 1);
    expect(out).toContain("as many trials as it was asked to");
  });
});

it.each([
  [["--stopping", "nothing"], /no stopping rule "nothing"[\s\S]*median/],
  [["--stopping", "median:steps=1"], /no option "steps"/],
  [["--target", "low"], /target must be a number.*--target/],
  [["--patience", "0"], /patience must be a whole number.*--patience/],
])("refuses %j before anything is stored", async (words, message) => {
  const { code, err } = await desk.orion("hunt", "-n", "bad", ...words, "/bin/echo", "-x~uniform(0, 1)");
  expect(code).toBe(2);
  expect(err).toMatch(message);
  expect(await desk.json("list")).toEqual([]);
});
