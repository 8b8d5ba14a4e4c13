import { join } from "node:path";
import { checkExecutor, openExecutor } from "../../executors/registry.js";
import { defineExperiment } from "../../experiment/define-experiment.js";
import { nameTheGone } from "../../experiment/name-the-gone.js";
import { defineCommand } from "../command.js";
import { chooseExecutor } from "../hunt/choose-executor.js";
import { describeNew } from "../hunt/conclude.js";
import { planHunt, storedCommand } from "../hunt/define-hunt.js";
import { addHuntOptions, type HuntOptions } from "../hunt/hunt-options.js";
import { refuseVersionControl, replaceDeprecated } from "../hunt/old-options.js";
import { requireRoom } from "../hunt/require-room.js";
import { runHunt } from "../hunt/run-hunt.js";
import { objectivePatternOf, workerSettings } from "../hunt/worker-settings.js";
import { placeOf } from "../place.js";
import { openSession, readConfiguration } from "../session.js";
import { oneLine } from "../text/printable.js";

/** `orion hunt`: define an experiment, or go on with one, and be a worker of it. */
export default defineCommand<HuntOptions>({
  configure: (command) => {
    addHuntOptions(command.argument("[command...]", "the script and its arguments, with priors in place of values"));
    command.passThroughOptions();
  },
  strayOption: "Options of the script follow the script.",
  run: async ({ terminal, options: typed, words: typedWords, help }) => {
    if (typedWords.length === 0 && Object.keys(typed).length === 0) {
      terminal.out(help());
      return 0;
    }
    refuseVersionControl(typed);
    const options = replaceDeprecated(typed, terminal);
    // A single empty word is what a shell makes of an empty variable: no command.
    const words = typedWords.length === 1 && typedWords[0] === "" ? [] : typedWords;
    const read = await readConfiguration(terminal, options);
    const settings = workerSettings(read.configuration, options);
    const resolved = await chooseExecutor(read.configuration, options);
    const opening = { nWorkers: settings.nWorkers, directory: join(read.directories.cache, "executors") };
    if (!options.initOnly) await checkExecutor(resolved, opening);
    const startsHere = !options.initOnly && resolved.module.startsElsewhere !== true;
    const plan = await planHunt({ terminal, configuration: read.configuration, options, words, startsHere });

    await using session = await openSession(terminal, options, read);
    if (!options.initOnly) await requireRoom(plan.request, session);
    const { record, notes } = await defineExperiment(session.storage, plan.request);
    for (const note of notes) terminal.error(`Warning: ${note}\n`);
    for (const note of plan.notes) terminal.error(`Note: ${note}\n`);
    const { user } = record.definition.metadata;
    if (options.user !== undefined && user !== options.user) {
      terminal.error(`Note: The experiment is recorded as one of ${oneLine(user)}; --user is for new ones.\n`);
    }
    if (options.initOnly) {
      if (options.json) terminal.out(await describeNew(session.storage, record));
      return 0;
    }
    const { metadata } = record.definition;
    const objectivePattern = objectivePatternOf(metadata, read.configuration, options);
    const placed =
      plan.command === undefined
        ? await storedCommand(metadata, terminal)
        : { command: plan.command, directory: terminal.directory };
    if (placed.directory !== terminal.directory) {
      terminal.error(`Note: The program starts in ${placed.directory}, where its command was typed.\n`);
    }
    await using executor = await openExecutor(resolved, opening);
    return await runHunt({
      terminal,
      session,
      record,
      ...placed,
      // A file that this line names is looked for from here, where it was found.
      algorithmDirectory: plan.request.algorithm === undefined ? placed.directory : terminal.directory,
      objectivePattern,
      executor,
      settings,
      place: placeOf(options),
      isVersionAsked: plan.request.version !== undefined,
      isJson: options.json ?? false,
    }).catch((error: unknown) => {
      throw nameTheGone(error, record, session.storage.url);
    });
  },
});
