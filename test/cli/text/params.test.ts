import { expect, it } from "vitest";
import { showParams } from "../../../src/cli/text/params.js";
import { parseSpace } from "../../../src/space/parse-space.js";

it("values are written as the program receives them, sorted by name", () => {
  const space = parseSpace({
    "/lr": "loguniform(1e-5, 1)",
    "/depth": "uniform(1, 8, discrete=True)",
    "/opt": "choices(['adam', None, True])",
  });
  expect(showParams(space, { "/opt": null, "/lr": 1e-5, "/depth": 4 })).toEqual([
    "/depth: 4",
    "/lr: 1e-05",
    "/opt: None",
  ]);
});

it("lists stand in brackets, an item on each line, further in per level", () => {
  const space = parseSpace({ "/w": "uniform(0, 1, shape=(2, 2))" });
  const params = {
    "/w": [
      [0.25, 1],
      [0.5, 0],
    ],
  };
  expect(showParams(space, params)).toEqual([
    "/w: [",
    "  [",
    "    0.25",
    "    1.0",
    "  ]",
    "  [",
    "    0.5",
    "    0.0",
    "  ]",
    "]",
  ]);
});

it("a category that is a list is one value", () => {
  const space = parseSpace({ "/layers": "choices([[1, 2], [3]])" });
  expect(showParams(space, { "/layers": [1, 2] })).toEqual(["/layers: [1, 2]"]);
});

it("a value without a dimension is written too, and a leading slash makes no difference", () => {
  const space = parseSpace({ x: "uniform(0, 1)" });
  expect(showParams(space, { "/gone": "a", "/x": 1 })).toEqual(["/gone: a", "/x: 1.0"]);
});
