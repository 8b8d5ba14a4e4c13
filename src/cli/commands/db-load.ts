import { resolve } from "node:path";
import { NotFoundError } from "../../errors.js";
import type { ImportTally, StoredExperiment } from "../../storage/records.js";
import { type LoadPolicy, loadPolicies, placeExperiments, readPolicy } from "../../transfer/place-experiments.js";
import { type Dump, openDump } from "../../transfer/read-dump.js";
import { defineCommand } from "../command.js";
import { addStorageOptions, type CommonOptions, wholeNumber } from "../common-options.js";
import { asWrongOption } from "../exit-codes.js";
import { titleOf } from "../families.js";
import { openSession } from "../session.js";
import { quantity } from "../text/quantity.js";
import { warnOfWorkers } from "../warn-of-workers.js";

interface LoadOptions extends Pick<CommonOptions, "config" | "storage" | "name" | "version"> {
  readonly resolve?: LoadPolicy;
}

/** `orion db load`: store the experiments of a dump, all or none of them. */
export default defineCommand<LoadOptions>({
  configure(command) {
    addStorageOptions(command.argument("<file>", "a file of `orion db dump`"))
      .option(
        "-r, --resolve <policy>",
        `what to do with experiments that already exist: ${loadPolicies.join(", ")}`,
        policy,
      )
      .option("-n, --name <name>", "only this experiment of the file (default: all)")
      .option("-v, --version <number>", "its version (default: the newest in the file)", wholeNumber("--version", 1))
      .addHelpText(
        "after",
        "\nPolicies for experiments whose name and version already exist; without one, nothing is stored:\n" +
          "  ignore     keep what is there\n  overwrite  replace it with all its trials\n" +
          "  bump       load as the next version of the name\n  merge      unite the trials, each point once\n" +
          "\nExamples:\n  orion db load all.jsonl\n  orion db load all.jsonl -n mnist -r merge",
      );
  },

  async run({ terminal, options, words: [file = ""] }) {
    const dump = openDump(resolve(terminal.directory, file));
    const incoming = select(dump, options);
    await using session = await openSession(terminal, options);
    const { storage } = session;
    const existing = await storage.listExperiments();
    const place = placeExperiments({ incoming, existing, policy: options.resolve });

    const replaced = incoming.map(place).flatMap((to) => (to.kind === "create" && to.replaces ? [to.replaces] : []));
    const records = existing.filter(({ id }) => replaced.includes(id));
    await warnOfWorkers(terminal, { storage, records, statuses: undefined });
    const chosen = new Set(incoming.map(({ experiment }) => experiment));
    const tally = await storage.importExperiments(dump.records(chosen), place);
    for (const one of incoming) {
      const to = place(one);
      if (to.kind !== "create" || to.version === one.version) continue;
      terminal.out(`${titleOf(one)} of the file is ${titleOf({ ...one, version: to.version })} here\n`);
    }
    terminal.out(`${describe(tally)}\n`);
    return 0;
  },
});

/** A parser for commander. @throws {CommandLineError} for what is no policy. */
function policy(word: string): LoadPolicy {
  try {
    return readPolicy(word);
  } catch (error) {
    throw asWrongOption(error);
  }
}

/** @throws {NotFoundError} when the file has no such experiment. */
function select({ path, experiments }: Dump, { name, version }: LoadOptions): readonly StoredExperiment[] {
  const wanted = experiments.filter(
    (one) => (name === undefined || one.name === name) && (version === undefined || one.version === version),
  );
  if (name === undefined && version === undefined) return experiments;
  if (wanted.length === 0) {
    const named = name === undefined ? "" : ` "${name}"`;
    throw new NotFoundError(
      `There is no experiment${named}${version === undefined ? "" : ` with version ${version}`} in "${path}".`,
      `It has ${experiments.map(titleOf).join(", ") || "none"}.`,
    );
  }
  if (name === undefined) return wanted;
  return [wanted.reduce((newest, one) => (one.version > newest.version ? one : newest))];
}

function describe({ created, merged, skipped, trials, finished, conflicts }: ImportTally): string {
  const parts = [`${quantity(created, "experiment")} and ${quantity(trials, "trial")} loaded`];
  if (merged > 0) parts.push(`${quantity(merged, "experiment")} merged`);
  if (finished > 0) parts.push(`${quantity(finished, "trial")} finished by the file`);
  if (conflicts > 0) parts.push(`${quantity(conflicts, "trial")} with other results, kept beside ours`);
  if (skipped > 0) parts.push(`${quantity(skipped, "experiment")} left as ${skipped === 1 ? "it was" : "they were"}`);
  return parts.join("; ");
}
