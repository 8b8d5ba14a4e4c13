import { describe, expect, it } from "vitest";
import { branchesNamed, branchOf, familiesOf, membersOf, titleOf } from "../../src/cli/families.js";
import { showFamily } from "../../src/cli/text/family-tree.js";
import type { ExperimentRecord } from "../../src/storage/storage.js";

/** `["root", "alpha<root"]`: names with the parent behind `<`; a name that occurs again is its next version. */
function records(...sketches: string[]): ExperimentRecord[] {
  const made: ExperimentRecord[] = [];
  for (const [index, sketch] of sketches.entries()) {
    const [name, above] = sketch.split("<") as [string, string?];
    const version = 1 + made.filter((record) => record.name === name).length;
    const parent = made.findLast((record) => titleOf(record) === above || record.name === above);
    made.push({
      id: index + 1,
      name,
      version,
      parent: parent && { experimentId: parent.id, adapters: [] },
    } as unknown as ExperimentRecord);
  }
  return made;
}

const draw = (...sketches: string[]) =>
  familiesOf(records(...sketches))
    .map(showFamily)
    .join("");

describe("the drawing of a family", () => {
  it("is one line for an experiment without relatives", () => {
    expect(draw("solo")).toBe(" solo-v1\n");
  });

  it("puts half of the descendants above and half below", () => {
    expect(draw("root", "alpha<root", "alpha<alpha", "beta<root")).toBe(
      ["        ┌beta-v1", " root-v1┤", "        └alpha-v1┐", "                 └alpha-v2", ""].join("\n"),
    );
  });

  it("goes down to an only child", () => {
    expect(draw("exp", "exp<exp", "exp<exp")).toBe(
      [" exp-v1┐", "       └exp-v2┐", "              └exp-v3", ""].join("\n"),
    );
  });

  it("leads lines past the branches between siblings", () => {
    expect(draw("r", "a<r", "b<r", "c<r", "d<r", "e<b", "f<c")).toBe(
      [
        "     ┌a-v1",
        "     ├d-v1",
        " r-v1┤",
        "     ├b-v1┐",
        "     │    └e-v1",
        "     └c-v1┐",
        "          └f-v1",
        "",
      ].join("\n"),
    );
  });
});

describe("families", () => {
  it("begin with every experiment whose parent is gone", () => {
    const [, child] = records("root", "child<root");
    expect(familiesOf([child!])).toEqual([{ record: child, children: [] }]);
  });

  it("list each member once, parents first", () => {
    const [family] = familiesOf(records("r", "a<r", "b<r", "c<a"));
    expect(membersOf(family!).map(titleOf)).toEqual(["r-v1", "a-v1", "c-v1", "b-v1"]);
  });

  it("have branches that begin with the topmost experiment of a name", () => {
    const [family] = familiesOf(records("r", "a<r", "a<a", "b<a"));
    expect(branchesNamed(family!, "a").map(({ record }) => titleOf(record))).toEqual(["a-v1"]);
    expect(branchesNamed(family!, "x")).toEqual([]);
    expect(membersOf(branchOf([family!], 3)!).map(titleOf)).toEqual(["a-v2", "b-v1"]);
    expect(branchOf([family!], 99)).toBeUndefined();
  });
});
