// How long a place of a hunt stands empty: from the last line of a program to the first line of the one that follows it
// there. The start of the program is in it, and a suggestion where that was not made while programs ran. The first rows
// are `xargs` with the same program.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { describeMachine, median, openLaboratory, orion, printTable, run } from "./laboratory.js";

const { values: words } = parseArgs({
  options: {
    algorithm: { type: "string", short: "a", multiple: true, default: ["random", "gp", "auto"] },
    workers: { type: "string", default: "1,4" },
    trials: { type: "string", default: "80" },
    dimensions: { type: "string", default: "6" },
  },
});
const dimensions = Array.from({ length: Number(words.dimensions) }, (_, i) => `--x${i}~uniform(-5, 5)`);

/** Sleeps 0.5 to 1 s. Bash has a clock that starts no process. */
const program = `#!/usr/bin/env bash
echo "start $EPOCHREALTIME" >> "$LEDGER"
sum=$(printf '%s\\n' "$@" | awk -F= '{ s += ($2 - 1) ^ 2 } END { printf "%.12g", s }')
printf '[{"name":"sum","type":"objective","value":%s}]' "$sum" > "$ORION_RESULTS_PATH"
sleep "0.$((500 + RANDOM % 500))"
echo "end $EPOCHREALTIME" >> "$LEDGER"
`;

const rows: string[][] = [];
for (const algorithm of [undefined, ...words.algorithm]) {
  for (const workers of words.workers.split(",").map(Number)) {
    const waits = await measure(algorithm, workers);
    const sorted = waits.toSorted((a, b) => a - b);
    rows.push([
      algorithm === undefined ? "`xargs -P`" : `\`${algorithm}\``,
      String(workers),
      `${median(waits).toFixed(1)} ms`,
      `${sorted[Math.floor(0.9 * sorted.length)]!.toFixed(1)} ms`,
      `${sorted.at(-1)!.toFixed(1)} ms`,
    ]);
  }
}
console.log(describeMachine());
printTable(
  `Wait between two programs (${words.trials} trials of 0.5 to 1 s, ${words.dimensions} dimensions)`,
  ["algorithm", "`--n-workers`", "median", "one in ten longer than", "longest"],
  rows,
);

/** Milliseconds: places are taken again in the order in which they became free. */
async function measure(algorithm: string | undefined, workers: number): Promise<number[]> {
  using lab = openLaboratory();
  const ledger = join(lab.folder, "ledger");
  const script = lab.script("s.sh", program);
  const env = { ...lab.env, LEDGER: ledger, ORION_RESULTS_PATH: join(lab.folder, "out/results.json") };
  const hunt = ["node", orion, "hunt", "-n", "w", "--algorithm", algorithm ?? "", "--exp-max-trials", words.trials];
  const { code, output } = await (algorithm === undefined
    ? run(["xargs", "-P", `${workers}`, "-L", "1", script], { ...lab, env }, "--x0=1\n".repeat(Number(words.trials)))
    : run([...hunt, "--n-workers", `${workers}`, script, ...dimensions], { ...lab, env }));
  if (code !== 0) throw new Error(output);
  const lines = readFileSync(ledger, "utf8").trim().split("\n");
  const ends = timesOf("end", lines);
  return timesOf("start", lines)
    .slice(workers)
    .map((start, at) => start - ends[at]!);
}

function timesOf(word: string, lines: readonly string[]): readonly number[] {
  const marked = lines.filter((line) => line.startsWith(`${word} `));
  return marked.map((line) => 1000 * Number(line.slice(word.length + 1))).sort((a, b) => a - b);
}
