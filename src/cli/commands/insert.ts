import { NotFoundError } from "../../errors.js";
import { shellWord } from "../../shell-word.js";
import { parseSpace } from "../../space/parse-space.js";
import type { ExperimentRecord, Summary } from "../../storage/storage.js";
import { trialId } from "../../trial/trial-id.js";
import { openCommandWorld } from "../../worker/command/command-world.js";
import { parsePoint } from "../../worker/command/parse-point.js";
import { defineCommand } from "../command.js";
import { addCommonOptions, type CommonOptions } from "../common-options.js";
import { titleOf } from "../families.js";
import { placeOf } from "../place.js";
import { openSession, requireExperiment } from "../session.js";
import { quantity } from "../text/quantity.js";

/** `orion insert`: a trial with parameters of the user's choice, for the next hunt to evaluate. */
export default defineCommand<CommonOptions>({
  configure(command) {
    addCommonOptions(command.argument("[script...]", "the script, then the values: -x=1.5 --lr=0.1"))
      .passThroughOptions()
      .addHelpText(
        "after",
        "\nValues that you leave out take their defaults. The script is not run now; `--` may stand in its place.\n\n" +
          "Examples:\n  orion insert -n mnist ./train.py --lr=0.01 --layers=3\n" +
          "  orion insert -n mnist -- --lr=0.01 --layers=3\n  orion insert -n mnist point.yaml     # leaves: lr: orion=0.01",
      );
  },

  strayOption: "Values follow the script, or two dashes: orion insert -n NAME -- --lr=0.1.",

  async run({ terminal, options, words, help }) {
    if (words.length === 0 && Object.keys(options).length === 0) {
      terminal.out(help());
      return 0;
    }
    await using session = await openSession(terminal, { ...options, mayBeAbsent: true });
    const { storage, configuration } = session;
    const record = await requireExperiment(terminal, session, options);
    const space = parseSpace(record.definition.space);
    const params = await parsePoint(words, {
      space,
      command: record.definition.metadata.userArgs,
      configOption: configuration.pick("worker.user_script_config").value,
      world: openCommandWorld({ directory: terminal.directory, searchPath: terminal.env.PATH ?? "" }),
    });
    const trial = { id: trialId(space, params), params, workingDir: record.workingDir };
    const [inserted] = await storage.insertTrials(record.id, [trial]);
    if (inserted === undefined) throw new NotFoundError(`${titleOf(record)} was removed meanwhile.`);
    const { id, number, status } = inserted;
    terminal.out(
      options.json
        ? `${JSON.stringify({ name: record.name, version: record.version, id, number, status, params })}\n`
        : `Inserted trial ${id}\n`,
    );
    const room = roomFor(record, await storage.summarize(record.id), options);
    if (room !== undefined) terminal.error(`Note: ${room}\n`);
    return 0;
  },
});

/** What has to be done before all that waits is run, a sentence; `undefined` for nothing. */
function roomFor(
  { name, version, maxTrials }: ExperimentRecord,
  { counts }: Summary,
  options: CommonOptions,
): string | undefined {
  const { broken, ...others } = counts;
  const needed = Object.values(others).reduce((sum, count) => sum + count, 0);
  if (needed <= maxTrials) return undefined;
  const which = options.version === undefined ? "" : ` -v ${version}`;
  const command = `orion hunt -n ${shellWord(name)}${placeOf(options)}${which} --exp-max-trials ${needed}`;
  return `the limit of ${quantity(maxTrials, "trial")} leaves no room for it: ${command}`;
}
