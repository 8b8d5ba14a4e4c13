import { describe, expect, it } from "vitest";
import { choices, fidelity, loguniform, normal, uniform } from "../../src/client/prior.js";
import { readSpace } from "../../src/client/read-space.js";
import { SpaceSyntaxError, UsageError } from "../../src/errors.js";
import { printSpace } from "../../src/space/print-dimension.js";

describe("a builder", () => {
  it.each([
    [uniform(0, 1), "uniform(0, 1)"],
    [uniform(-3, 8, { discrete: true, defaultValue: 2 }), "uniform(-3, 8, default_value=2, discrete=True)"],
    [loguniform(1e-5, 1, { precision: null }), "loguniform(1e-05, 1, precision=None)"],
    [normal(0, 1e300, { low: -2, precision: 7 }), "normal(0, 1e+300, low=-2, precision=7)"],
    [
      uniform(0, 1, { shape: [2, 1], defaultValue: [[0.5], [1]] }),
      "uniform(0, 1, shape=(2, 1), default_value=[[0.5], [1]])",
    ],
    [fidelity(1, 9), "fidelity(1, 9)"],
    [fidelity(1, 81, 3), "fidelity(1, 81, base=3)"],
    [choices(["a", "it's", 1, 2.5, true, null]), "choices(['a', \"it's\", 1, 2.5, True, None])"],
    [choices([[1, 2], [3]], { defaultValue: [3] }), "choices([[1, 2], [3]], default_value=[3])"],
    [choices(["a", "b"], { shape: 2 }), "choices(['a', 'b'], shape=2)"],
    [choices([1, 2], { probabilities: [0.25, 0.75] }), "choices({1: 0.25, 2: 0.75})"],
  ])("makes the prior %j", (prior, canonical) => {
    expect(printSpace(readSpace({ x: prior }))).toEqual({ x: canonical });
  });

  it("leaves it to the parser to refuse what makes no prior, with its place", () => {
    const refused = [
      uniform(1, 0),
      loguniform(0, 1),
      normal(0, -1),
      fidelity(9, 1),
      choices([]),
      choices(["a", "a"]),
      choices(["a", "b"], { probabilities: [1, 1] }),
      uniform(Number.NaN, 1),
      uniform("0" as unknown as number, 1),
      (uniform as (low: number) => ReturnType<typeof fidelity>)(0),
    ];
    for (const prior of refused) expect(() => readSpace({ x: prior }), prior.text).toThrow(SpaceSyntaxError);
    expect(() => choices(["a"], { probabilities: [0.5, 0.5] })).toThrow(/1 values and 2 probabilities/);
  });

  it("refuses what only a program in JavaScript can say: options that there are not, values that cannot be kept", () => {
    expect(() => uniform(0, 1, { default: 0.5 } as never)).toThrow(/no option "default" of uniform/);
    for (const [option, remedy] of [
      ["log", "loguniform(1e-5, 1)"],
      ["step", "multiply by the step"],
    ])
      expect(() => uniform(1, 9, { [option!]: 2 } as never)).toThrow(
        expect.objectContaining({ remedy: expect.stringContaining(remedy!) }),
      );
    expect(() => choices(["a"], { default: "a" } as never)).toThrow(/no option "default" of choices/);
    expect(() => normal(0, 1, null as never)).toThrow(UsageError);
    for (const value of [undefined, 3n, new Date(0), () => 1, [1, undefined], { a: new Map() }]) {
      expect(() => choices(["a", value as never]), String(value)).toThrow(/The value .* cannot be in a prior/);
    }
    expect(() => choices("ab" as never)).toThrow(/The values of choices\(\) are 'ab'/);
    expect(() => uniform(0, 1, { defaultValue: 1n as never })).toThrow(/The value 1n cannot be in a prior/);
  });
});

describe("a space", () => {
  it("takes texts and builders side by side, without leading slashes", () => {
    expect(printSpace(readSpace({ "/b": "gaussian(0, 1)", a: uniform(0, 1) }))).toEqual({
      a: "uniform(0, 1)",
      b: "normal(0, 1)",
    });
  });

  it("is refused when it is empty, defines a name twice, or holds something else", () => {
    expect(() => readSpace({})).toThrow(UsageError);
    expect(() => readSpace({ "/a": "uniform(0, 1)", a: "uniform(0, 1)" })).toThrow(/"a" is defined twice/);
    for (const wrong of [0.5, null, undefined, [], { low: 0 }]) {
      expect(() => readSpace({ a: wrong as never }), String(wrong)).toThrow(/dimension "a(\.low)?" is not a prior/);
    }
  });
});
