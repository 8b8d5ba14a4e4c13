import { resolveAlgorithm } from "../../algorithms/resolve-algorithm.js";
import { readStoredHistory } from "../../check/stored-history.js";
import { recomputeTrial } from "../../check/suggestions.js";
import { OrionError } from "../../errors.js";
import type { Space } from "../../space/dimension.js";
import { parseSpace } from "../../space/parse-space.js";
import type { ExperimentRecord, Storage } from "../../storage/storage.js";
import type { Report } from "../../trial/trial.js";
import { trialDirectoryOf, trialRoot } from "../../worker/trial-directory/trial-root.js";
import { defineCommand } from "../command.js";
import { addCommonOptions, type CommonOptions } from "../common-options.js";
import { findTrial } from "../find-trial.js";
import { openSession, requireExperiment } from "../session.js";
import type { Terminal } from "../terminal.js";
import { joinBlocks } from "../text/block.js";
import { brokenTrialOf, showBrokenTrials } from "../text/broken-trials.js";
import { infoOf, type ParentInfo, showExperiment } from "../text/experiment.js";
import { showTrial, trialInfoOf } from "../text/one-trial.js";
import { paintFor } from "../text/paint.js";
import { statsOf } from "../text/stats.js";

interface InfoOptions extends CommonOptions {
  readonly trial?: string;
}

/** `orion info`: everything about one experiment, or about one of its trials. */
export default defineCommand<InfoOptions>({
  configure(command) {
    addCommonOptions(command)
      .option("--trial <id>", "one trial in full: its number, or how its id begins")
      .addHelpText(
        "after",
        "\nExamples:\n  orion info -n mnist\n  orion info -n mnist --trial 17     # its parameters, results, errors, and why it was tried\n" +
          "  orion info -n mnist --json",
      );
  },

  async run({ terminal, options }) {
    await using session = await openSession(terminal, { ...options, isReader: true });
    const { storage, directories } = session;
    const record = await requireExperiment(terminal, session, options);
    const space = parseSpace(record.definition.space);
    const paint = paintFor(terminal);
    const root = trialRoot({ cacheDirectory: directories.cache, record });
    const print = (data: object, blocks: readonly string[]) =>
      terminal.out(options.json ? `${JSON.stringify(data)}\n` : joinBlocks(blocks));

    if (options.trial !== undefined) {
      const trial = await findTrial(storage, record, options.trial);
      const directory = trialDirectoryOf(root, trial);
      await warnOfLength(terminal, { storage, record });
      const history = await readStoredHistory(storage, record.id);
      const recomputed = await recomputeTrial(history, trial.number);
      const reports = history.reports.filter(({ number }) => number === trial.number).map(reportOf);
      print(
        { ...trialInfoOf(trial, { directory, reports }), recomputed },
        showTrial({ trial, space, directory, paint, recomputed, reports, now: Date.now() }),
      );
      return 0;
    }
    const stats = statsOf({ record, space, summary: await storage.summarize(record.id) });
    const members = await membersOf(record, space);
    const info = infoOf({ record, space, stats, parent: await readParent(storage, record), members });
    const broken = await storage.listTrials(record.id, { statuses: ["broken"] });
    const brokenTrials = broken.map((trial) => brokenTrialOf(trial, trialDirectoryOf(root, trial)));
    print({ ...info, brokenTrials }, [
      ...showExperiment(info, space, paint),
      ...(broken.length === 0 ? [] : [showBrokenTrials(brokenTrials, paint)]),
    ]);
    return 0;
  },
});

/** An algorithm that is not installed here can be shown all the same. */
async function membersOf({ definition }: ExperimentRecord, space: Space): Promise<readonly string[] | undefined> {
  try {
    return (await resolveAlgorithm(definition.algorithm, space)).algorithm.members;
  } catch (error) {
    if (error instanceof OrionError) return undefined;
    throw error;
  }
}

const reportOf = ({ step, value }: Report): Report => ({ step, value });

/** From so many trials on, reading them all is a wait that needs a reason. */
const longHistory = 10_000;

async function warnOfLength(
  terminal: Pick<Terminal, "error">,
  { storage, record }: { readonly storage: Storage; readonly record: ExperimentRecord },
): Promise<void> {
  const { counts } = await storage.summarize(record.id);
  const count = Object.values(counts).reduce((sum, one) => sum + one, 0);
  if (count < longHistory) return;
  terminal.error(`Note: the history of ${count} trials is read, to compute the suggestion once more.\n`);
}

async function readParent(storage: Storage, { parent }: ExperimentRecord): Promise<ParentInfo | null> {
  if (parent === undefined) return null;
  const records = new Map((await storage.listExperiments()).map((record) => [record.id, record]));
  const direct = records.get(parent.experimentId);
  let root = direct;
  while (root?.parent !== undefined && records.has(root.parent.experimentId))
    root = records.get(root.parent.experimentId);
  const show = (record: ExperimentRecord | undefined) =>
    record === undefined ? "(removed)" : `${record.name}-v${record.version}`;
  return { root: show(root), parent: show(direct), adapters: parent.adapters };
}
