// Thousands of workers on one PostgreSQL server, simulated with measured costs: where the database saturates, and which
// share of their time workers evaluate. What the simulation says of few workers is held against real ones.
// `node --import tsx bench/simulate.ts --save bench/data/operation-costs.json --plot docs/images`
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { drawLineChart } from "../src/plots/line-chart.js";
import { startPostgres } from "../test/storage/postgres-server.js";
import { type Crowd, type CrowdReport, simulateCrowd } from "./crowd.js";
import { describeMachine, orion, printTable, run } from "./laboratory.js";
import { type Cost, lockMs, measureCosts, type OperationCosts } from "./operation-costs.js";
import { measureCrowd } from "./real-crowd.js";

const { values } = parseArgs({
  options: {
    /** A file that `--save` wrote; without it the costs are measured. */
    costs: { type: "string" },
    save: { type: "string" },
    /** Folder for the pictures. */
    plot: { type: "string" },
    cores: { type: "string", default: "8" },
    turns: { type: "string", default: "400" },
    /** Leave out what takes real workers. */
    "no-check": { type: "boolean", default: false },
  },
});
const cores = Number(values.cores);
const crowds = [100, 300, 1000, 3000, 10_000];
const times = { "1 s": 1000, "10 s": 10_000, "1 min": 60_000, "10 min": 600_000, "1 h": 3_600_000 };
const bases = ["index", "history"] as const;

await using server = await startPostgres({ isDurable: true });
const costs =
  values.costs === undefined
    ? await measureCosts(server, Number(values.turns))
    : (JSON.parse(readFileSync(values.costs, "utf8")) as OperationCosts);
if (values.save !== undefined) writeFileSync(values.save, `${JSON.stringify(costs, undefined, 2)}\n`);

/** A bench, on which everything shares two cores; and there the workers of `scale.ts`. */
const here = { costs, cores: 2, isOneMachine: true, isPooled: false };
const bare = { ...here, trialMs: 0, basis: "index" as const, isBare: true };

console.log(describeMachine());
printCosts();
if (!values["no-check"]) {
  await checkThroughput();
  await checkCrowds();
}
printBounds();
for (const basis of bases) printCrowds(basis);

function printCosts(): void {
  const { renewLeases, listOwners, readChanges, ...steps } = costs;
  const row = (name: string, cost: Cost, isChange = false) => [
    name,
    `${cost.latencyMs.toFixed(3)} ms`,
    `${cost.serverMs.toFixed(4)} ms`,
    `${cost.clientMs.toFixed(4)} ms`,
    isChange ? `${lockMs(cost, costs.ask).toFixed(2)} ms` : "",
  ];
  const changes = ["reserveTrial", "reserveSlot", "fillSlot", "finishTrial", "finishAndReserve"];
  printTable(
    "Costs of the operations",
    ["operation", "answered after", "CPU of the server", "CPU of the worker", "holds the history"],
    [
      ...Object.entries(steps).map(([name, cost]) => row(name, cost, changes.includes(name))),
      ...Object.entries({ renewLeases, listOwners, readChanges }).flatMap(([name, { base, perRow }]) => [
        row(name, base),
        row(`${name}, per row`, perRow),
      ]),
    ],
  );
}

/** Processes that do nothing but create and complete trials, on the cores of the server. */
async function checkThroughput(): Promise<void> {
  const counts = [1, 4, 16];
  const script = join(import.meta.dirname, "scale.ts");
  const setup = ["--processes", counts.join(","), "--storages", "postgres", "--sleep", "0"];
  const words = ["node", "--import", "tsx", script, ...setup];
  const { code, output } = await run(words, { folder: join(orion, "../../.."), env: process.env });
  if (code !== 0) throw new Error(output);
  printTable(
    "Prediction and measurement: trials created and completed per second, server and workers on 2 cores",
    ["processes", "predicted", "measured", "ratio"],
    counts.map((workers) => {
      const predicted = simulateCrowd({ ...bare, workers }).trialsPerSecond;
      const measured = Number(new RegExp(`^\\| ${workers} \\| postgres \\| (\\d+)/s`, "m").exec(output)?.[1]);
      return [`${workers}`, `${predicted.toFixed(0)}/s`, `${measured}/s`, (predicted / measured).toFixed(2)];
    }),
  );
}

async function checkCrowds(): Promise<void> {
  const rows: string[][] = [];
  for (const basis of bases) {
    for (const workers of [16, 64]) {
      const crowd = { workers, trialMs: 1000, basis };
      const measured = await measureCrowd(server, { ...crowd, seconds: 15 });
      const predicted = simulateCrowd({ ...here, ...crowd });
      const computing = (1000 * 2 * predicted.coresBusy) / predicted.trialsPerSecond;
      rows.push([
        `${workers}`,
        basis,
        `${predicted.trialsPerSecond.toFixed(1)}/s`,
        `${measured.trialsPerSecond.toFixed(1)}/s`,
        `${computing.toFixed(1)} ms`,
        `${(measured.serverMs + measured.clientMs).toFixed(1)} ms`,
        (computing / (measured.serverMs + measured.clientMs)).toFixed(2),
      ]);
    }
  }
  printTable(
    "Prediction and measurement: real workers whose trials sleep 1 s, all on 2 cores",
    ["workers", "suggests from", "trials, predicted", "measured", "CPU per trial, predicted", "measured", "ratio"],
    rows,
  );
}

interface Bound {
  /** Trials per second that can be recorded one after the other. */
  readonly rate: number;
  /** Processor time of the server per trial, in milliseconds, without news. */
  readonly serverMs: number;
}

function boundOf(basis: Crowd["basis"]): Bound {
  const { ask, reserveTrial, reserveSlot, fillSlot, finishTrial } = costs;
  const changes = basis === "index" ? [reserveTrial, finishTrial] : [reserveSlot, fillSlot, finishTrial];
  return {
    rate: 1000 / changes.reduce((sum, cost) => sum + lockMs(cost, ask), 0),
    serverMs: changes.reduce((sum, cost) => sum + cost.serverMs, 0),
  };
}

function printBounds(): void {
  const rowMs = costs.readChanges.perRow.serverMs;
  printTable(
    "Bounds",
    ["suggests from", "R: trials per second", "N: trials read as news per second and core"],
    bases.map((basis) => [basis, boundOf(basis).rate.toFixed(0), basis === "index" ? "" : (1000 / rowMs).toFixed(0)]),
  );
}

function printCrowds(basis: Crowd["basis"]): void {
  const series = Object.entries(times).map(([label, trialMs]) => ({
    label: `trials of ${label}`,
    trialMs,
    reports: crowds.map((workers) => simulateCrowd({ costs, workers, trialMs, cores, basis, isPooled: true })),
  }));
  const cells = (tell: (report: CrowdReport, at: number, trialMs: number) => string) =>
    series.map(({ label, reports, trialMs }) => [label, ...reports.map((report, at) => tell(report, at, trialMs))]);
  const header = ["", ...crowds.map((workers) => `${workers} workers`)];
  const percent = (share: number) => `${(100 * share).toFixed(share < 0.1 ? 1 : 0)} %`;
  const title = basis === "index" ? "Suggestions from the number of a trial" : "Suggestions from the results of all";
  printTable(
    `${title}: share of the time spent evaluating`,
    header,
    cells(({ efficiency }) => percent(efficiency)),
  );
  printTable(
    `${title}: use of the history's lock / of ${cores} cores of the server`,
    header,
    cells(({ lineBusy, coresBusy }) => `${percent(lineBusy)} / ${percent(coresBusy)}`),
  );
  printTable(
    `${title}: the same cores without a pooler, and connections`,
    header,
    series.map(({ label, trialMs }) => [
      label,
      ...crowds.map((workers) => {
        const report = simulateCrowd({ costs, workers, trialMs, cores, basis, isPooled: false });
        return `${percent(report.coresBusy)}, ${report.connections.toFixed(0)}`;
      }),
    ]),
  );
  if (values.plot === undefined) return;
  const chart = drawLineChart({
    title,
    xLabel: "workers",
    yLabel: "share of the time spent evaluating (%)",
    isLogAcross: true,
    series: series.map(({ label, reports }) => ({
      label,
      points: reports.map(({ efficiency }, at) => ({ x: crowds[at]!, y: 100 * efficiency })),
    })),
  });
  writeFileSync(join(values.plot, `scaling-${basis}.svg`), chart);
}
