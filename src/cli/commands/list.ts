import { defineCommand } from "../command.js";
import { addSelectionOptions, type CommonOptions } from "../common-options.js";
import { branchesNamed, branchOf, type Family, familiesOf, membersOf } from "../families.js";
import { readSelection, reportNothing, reportUnknown, type Selection } from "../select-experiments.js";
import { openSession } from "../session.js";
import { showFamily } from "../text/family-tree.js";

/** `orion list`: every experiment, in trees that show which one descends from which. */
export default defineCommand<CommonOptions>({
  configure(command) {
    addSelectionOptions(command).addHelpText(
      "after",
      "\nExamples:\n  orion list\n  orion list -n mnist       # mnist and what descends from it\n  orion list --json",
    );
  },

  async run({ terminal, options }) {
    await using session = await openSession(terminal, { ...options, isReader: true });
    const families = selectFamilies(await readSelection(session, options));
    if (options.json) {
      terminal.out(`${JSON.stringify(families.flatMap(listing))}\n`);
      if (families.length === 0) reportUnknown(terminal, session, options);
    } else if (families.length === 0) {
      reportNothing(terminal, session, options);
    } else {
      terminal.out(families.map(showFamily).join(""));
    }
    return 0;
  },
});

/** With a name, trees begin at its topmost versions; with a version, at that one. */
function selectFamilies({ records, name, version }: Selection): Family[] {
  const families = familiesOf(records);
  if (version !== undefined) {
    return records
      .filter((record) => record.version === version && (name === undefined || record.name === name))
      .map((record) => branchOf(families, record.id)!);
  }
  return name === undefined ? families : families.flatMap((family) => branchesNamed(family, name));
}

function listing(family: Family) {
  const members = new Map(membersOf(family).map((record) => [record.id, record]));
  return [...members.values()].map(({ name, version, parent }) => {
    const above = parent && members.get(parent.experimentId);
    return { name, version, parent: above === undefined ? null : { name: above.name, version: above.version } };
  });
}
