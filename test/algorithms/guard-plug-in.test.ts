import { describe, expect, it } from "vitest";
import type { Algorithm, SuggestContext } from "../../src/algorithms/algorithm.js";
import { guardPlugIn } from "../../src/algorithms/guard-plug-in.js";
import { UsageError } from "../../src/errors.js";
import { parseSpace } from "../../src/space/parse-space.js";

const space = parseSpace({ "/lr": "loguniform(1e-5, 1)", "/epochs": "fidelity(1, 9)" });
const context = { space } as SuggestContext;

class Mine implements Algorithm {
  readonly summary = "For tests.";
  readonly paper = "https://example.org";
  readonly requires = {};
  readonly defaults = { step: 1 };
  readonly basis: Algorithm["basis"];
  readonly #answer: () => unknown;

  constructor(answer: () => unknown, basis: Algorithm["basis"] = "history") {
    this.#answer = answer;
    this.basis = basis;
  }

  suggest() {
    return this.#answer() as ReturnType<Algorithm["suggest"]>;
  }

  check() {
    this.#answer();
  }
}

const guard = (answer: () => unknown, basis?: Algorithm["basis"]) => guardPlugIn("./mine.js", new Mine(answer, basis));
const params = (values: object) => () => ({ kind: "params", params: values });
const refusal = (act: () => unknown): unknown => {
  try {
    return act();
  } catch (error) {
    return error;
  }
};

describe("what a plug-in suggests", () => {
  it("is completed, under the names of the space", () => {
    const answer = () => ({ kind: "params", params: { lr: 0.1 }, facts: { rung: 1 }, claim: "a" });
    expect(guard(answer).suggest(context)).toEqual({
      kind: "params",
      params: { "/epochs": 9, "/lr": 0.1 },
      facts: { rung: 1 },
      claim: "a",
    });
  });

  it.each(["wait", "done"])("may be to %s", (kind) => {
    expect(guard(() => ({ kind })).suggest(context)).toEqual({ kind });
  });

  it("may come later", async () => {
    await expect(guard(async () => ({ kind: "wait" })).suggest(context)).resolves.toEqual({ kind: "wait" });
  });

  it.each([
    [params({ lr: 7 }), 'Value 7 is outside of dimension "/lr".'],
    [params({ lr: "abc" }), "Value 'abc' is outside of dimension \"/lr\"."],
    [params({ lr: Number.NaN }), "{ lr: NaN } }, which cannot be used: Value nan is outside"],
    [params({ lr: null }), "Value None is outside"],
    [params({}), 'Dimension "/lr" has no value and no default.'],
    [params({ lr: 0.1, x: 1 }), 'There is no dimension "x" in the search space.'],
    [params({ lr: 0.1, epochs: 10 }), 'Value 10 is outside of dimension "/epochs".'],
    [() => ({ kind: "params" }), 'it has no "params".'],
    [() => ({ ...params({ lr: 0.1 })(), parent: 3 }), 'its "parent" is not a string.'],
    [() => ({ ...params({ lr: 0.1 })(), facts: "rung 1" }), 'its "facts" is not an object.'],
    [() => ({ ...params({ lr: 0.1 })(), facts: null }), 'its "facts" is not an object.'],
    [() => ({ ...params({ lr: 0.1 })(), facts: [1] }), 'its "facts" is not an object.'],
    [
      () => ({ ...params({ lr: 0.1 })(), facts: { rung: 1n } }),
      'its "facts" is not JSON: Do not know how to serialize',
    ],
    [() => ({ kind: "param" }), `its "kind" is 'param'.`],
    [() => ({ lr: 0.1 }), 'it has no "kind".'],
    [() => 5, "suggested 5, which cannot be used: it is not an object."],
    [() => undefined, "suggested undefined,"],
  ])("is refused where it is none: %s", async (answer, fault) => {
    for (const act of [() => guard(answer).suggest(context), () => guard(answer, "index").suggest(context)]) {
      const error = refusal(act);
      expect(error).toBeInstanceOf(UsageError);
      expect((error as Error).message).toContain('The algorithm "./mine.js" suggested ');
      expect((error as Error).message).toContain(fault);
    }
    await expect(guard(async () => answer()).suggest(context)).rejects.toThrow(fault);
  });

  it("must not come later when it follows from the number alone", () => {
    const error = refusal(() => guard(() => Promise.reject(new Error("bang")), "index").suggest(context));
    expect(error).toMatchObject({ name: "UsageError", message: expect.stringContaining("with a promise") });
  });
});

describe("an error of a plug-in", () => {
  const bang = new TypeError("bang");
  const fail = () => {
    throw bang;
  };

  it("names it, and keeps the error for its author", async () => {
    const named = (method: string) => ({
      name: "UsageError",
      message: `The algorithm "./mine.js" failed in ${method}: TypeError: bang`,
      cause: bang,
    });
    expect(refusal(() => guard(fail).suggest(context))).toMatchObject(named("suggest"));
    expect(refusal(() => guard(fail).check?.({}, space))).toMatchObject(named("check"));
    await expect(guard(async () => fail()).suggest(context)).rejects.toMatchObject(named("suggest"));
  });

  it("that is meant for the user stands as it is, be it of another copy of orion", () => {
    const own = new UsageError("No licence.", "Buy one.");
    const other = Object.assign(new Error("No licence."), { code: "USAGE", remedy: "Buy one." });
    for (const error of [own, other]) {
      const raised = refusal(() =>
        guard(() => {
          throw error;
        }).suggest(context),
      );
      expect(raised).toBeInstanceOf(UsageError);
      expect(raised).toMatchObject({ message: "No licence.", remedy: "Buy one." });
    }
  });
});

it("leaves everything else of a plug-in as it is", () => {
  expect(guard(() => ({ kind: "wait" }))).toMatchObject({
    basis: "history",
    summary: "For tests.",
    defaults: { step: 1 },
  });
});
