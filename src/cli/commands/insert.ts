import { NotFoundError } from "../../errors.js";
import { parseSpace } from "../../space/parse-space.js";
import { trialId } from "../../trial/trial-id.js";
import { openCommandWorld } from "../../worker/command/command-world.js";
import { parsePoint } from "../../worker/command/parse-point.js";
import { defineCommand } from "../command.js";
import { addCommonOptions, type CommonOptions } from "../common-options.js";
import { titleOf } from "../families.js";
import { openSession, requireExperiment } from "../session.js";

/** `orion insert`: a trial with parameters of the user's choice, for the next hunt to evaluate. */
export default defineCommand<CommonOptions>({
  configure(command) {
    addCommonOptions(command.argument("[script...]", "the script, then the values: -x=1.5 --lr=0.1"))
      .passThroughOptions()
      .addHelpText(
        "after",
        "\nValues that are left out take their default. The script is not run now, and may be left out of words\n" +
          "with `--`.\n\nExamples:\n  orion insert -n mnist ./train.py --lr=0.01 --layers=3\n" +
          "  orion insert -n mnist -- --lr=0.01 --layers=3\n  orion insert -n mnist point.yaml     # leaves: lr: orion=0.01",
      );
  },

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
    return 0;
  },
});
