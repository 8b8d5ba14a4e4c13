// How long the command line takes to start, against an empty Node program, in turn.
import { median, openLaboratory, orion, printTable, run } from "./laboratory.js";

const runs = Number(process.argv[2] ?? 25);

using lab = openLaboratory();
await run(
  ["node", orion, "hunt", "-n", "empty", "--init-only", lab.script("s.sh", "#!/bin/sh\n"), "-x~uniform(0, 1)"],
  lab,
);
await run(["node", orion, "db", "rm", "empty", "-f"], lab);

const commands = {
  "node -e 0": ["node", "-e", "0"],
  "orion --help": ["node", orion, "--help"],
  "orion status": ["node", orion, "status"],
};
const seconds = new Map<string, number[]>(Object.keys(commands).map((name) => [name, []]));
for (let turn = 0; turn <= runs; turn++) {
  for (const [name, words] of Object.entries(commands)) {
    const { seconds: taken, code, output } = await run(words, lab);
    if (code !== 0) throw new Error(`${name}: exit ${code}\n${output}`);
    if (turn > 0) seconds.get(name)!.push(taken); // the first turn warms the caches
  }
}
const bare = seconds.get("node -e 0")!;
printTable(
  `Start-up (${runs} runs of each in turn)`,
  ["command", "median", "more than `node -e 0`, median of pairs", "ratio"],
  [...seconds].map(([name, values]) => [
    `\`${name}\``,
    `${(1000 * median(values)).toFixed(0)} ms`,
    `${(1000 * median(values.map((value, turn) => value - bare[turn]!))).toFixed(0)} ms`,
    (median(values) / median(bare)).toFixed(2),
  ]),
);
