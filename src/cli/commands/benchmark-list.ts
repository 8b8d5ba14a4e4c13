import { listBenchmarks } from "../../benchmarks/benchmark.js";
import type { ProblemFamily } from "../../benchmarks/problem.js";
import { problems } from "../../benchmarks/registry.js";
import { describeBenchmark } from "../benchmark/summary.js";
import { defineCommand } from "../command.js";
import { addStorageOptions } from "../common-options.js";
import { openSession } from "../session.js";
import { showTable } from "../text/table.js";

interface ListOptions {
  readonly config?: string;
  readonly storage?: string;
  readonly json?: boolean;
  readonly problems?: boolean;
}

/** `orion benchmark list`: the benchmarks that are stored, or the problems that there are. */
export default defineCommand<ListOptions>({
  configure(command) {
    addStorageOptions(command)
      .option("--problems", "list the problems that there are instead")
      .option("--json", "print one JSON document")
      .addHelpText("after", "\nExamples:\n  orion benchmark list\n  orion benchmark list --problems");
  },

  async run({ terminal, options }) {
    if (options.problems) {
      const families = await describeFamilies();
      terminal.out(options.json ? `${JSON.stringify(families)}\n` : showFamilies(families));
      return 0;
    }
    await using session = await openSession(terminal, { ...options, isReader: true });
    const { storage } = session;
    const found = await Promise.all(
      (await listBenchmarks(storage)).map(async (benchmark) => {
        const { counts } = await storage.summarize(benchmark.record.id);
        return describeBenchmark({ benchmark, counts });
      }),
    );
    if (options.json) terminal.out(`${JSON.stringify(found)}\n`);
    else if (found.length === 0) terminal.out("No benchmark found\n");
    else terminal.out(showBenchmarks(found));
    return 0;
  },
});

function showBenchmarks(found: readonly ReturnType<typeof describeBenchmark>[]): string {
  return showTable(
    [
      { title: "name", align: "left" },
      { title: "problems", align: "right" },
      { title: "algorithms", align: "left" },
      { title: "trials", align: "right" },
      { title: "studies", align: "right" },
    ],
    found.map(({ name, problems: chosen, algorithms, trials, done, total }) => ({
      cells: [name, String(chosen.length), algorithms.join(" "), String(trials), `${done}/${total}`],
    })),
  );
}

interface FamilyInfo extends Pick<ProblemFamily, "summary" | "source"> {
  /** As it is written: `bbob-f#-#d-i#`. */
  readonly form: string;
  readonly parameters: ProblemFamily["parameters"];
}

async function describeFamilies(): Promise<FamilyInfo[]> {
  const entries = Object.entries(problems);
  return Promise.all(
    entries.map(async ([name, load]) => {
      const { summary, source, parameters } = (await load()).default;
      const suffix = Object.values(parameters).map(({ notation }) => `-${notation}`);
      return { form: `${name}${suffix.join("")}`, summary, source, parameters };
    }),
  );
}

function showFamilies(families: readonly FamilyInfo[]): string {
  const width = families.reduce((most, { form }) => Math.max(most, form.length), 0);
  const lines = families.map(({ form, summary }) => `${form.padEnd(width)}  ${summary}`);
  return `${lines.join("\n")}\n\n# is a number and may be left out with its sign; +noise0.1 behind any name adds noise.\n`;
}
