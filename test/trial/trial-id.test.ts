import fc from "fast-check";
import { expect, test } from "vitest";
import { enumerable, pointAt } from "../../src/space/cardinality.js";
import type { Params } from "../../src/space/dimension.js";
import { parseSpace } from "../../src/space/parse-space.js";
import { pythonRepr } from "../../src/space/python-text.js";
import { paramsHash, paramsText, type TrialIdOptions, trialId } from "../../src/trial/trial-id.js";

interface Golden {
  readonly space: Readonly<Record<string, string>>;
  readonly params: Params;
  readonly options?: TrialIdOptions;
  readonly text: string;
  readonly id: string;
  readonly hash: string;
}

// Computed by CPython 3: ",".join(f"{name}:{value}") through hashlib.md5. These values are frozen: stored trials are
// found by them.
const goldens: readonly Golden[] = [
  {
    space: {
      "/f": "fidelity(1, 10)",
      "/lr": "loguniform(1e-10, 1e20, precision=None)",
      "/opt": "choices(['adam', 'sgd'])",
    },
    params: { "/f": 10, "/lr": 0.01, "/opt": "adam" },
    text: "/f:10,/lr:0.01,/opt:adam",
    id: "5dbd2fce5ce74e15e81fe31856f45975",
    hash: "f75e2fe922cb813ac2e161628c833c35",
  },
  {
    space: { "/lr": "loguniform(1e-10, 1e20, precision=None)" },
    params: { "/lr": 1e-5 },
    text: "/lr:1e-05",
    id: "92e87f457217a98eef870a1e4475aa66",
    hash: "92e87f457217a98eef870a1e4475aa66",
  },
  {
    space: { "/lr": "loguniform(1e-10, 1e20, precision=None)" },
    params: { "/lr": 1 },
    text: "/lr:1.0",
    id: "5cde90a7ef85e88033e5e5cc6dd2d5f6",
    hash: "5cde90a7ef85e88033e5e5cc6dd2d5f6",
  },
  {
    space: { "/lr": "loguniform(1e-10, 1e20, precision=None)" },
    params: { "/lr": 1e16 },
    text: "/lr:1e+16",
    id: "07ffb00f98f929df77212a387cb856f3",
    hash: "07ffb00f98f929df77212a387cb856f3",
  },
  {
    space: { "/lr": "loguniform(1e-10, 1e20, precision=None)" },
    params: { "/lr": 123456789012345.6 },
    text: "/lr:123456789012345.6",
    id: "a824dce8ebceec65a22fe2e463a3f8d2",
    hash: "a824dce8ebceec65a22fe2e463a3f8d2",
  },
  {
    space: { "/lr": "loguniform(1e-10, 1e20, precision=None)" },
    params: { "/lr": 0.0001 },
    text: "/lr:0.0001",
    id: "6f0021c2c015dd73cd510cc6d68ba3e3",
    hash: "6f0021c2c015dd73cd510cc6d68ba3e3",
  },
  {
    space: { "/lr": "loguniform(1e-10, 1e20, precision=None)" },
    params: { "/lr": 1.234e-7 },
    text: "/lr:1.234e-07",
    id: "e9a15de9b199d47c770a5591fc4e2dd1",
    hash: "e9a15de9b199d47c770a5591fc4e2dd1",
  },
  {
    space: { "/x": "uniform(-1e6, 1e6, precision=None)" },
    params: { "/x": -0 },
    text: "/x:-0.0",
    id: "6f4a44a4917eb437749382277b88fbf9",
    hash: "6f4a44a4917eb437749382277b88fbf9",
  },
  {
    space: { "/x": "uniform(-1e6, 1e6, precision=None)" },
    params: { "/x": 0 },
    text: "/x:0.0",
    id: "946e6ba13113e411eed4a418634ce1c2",
    hash: "946e6ba13113e411eed4a418634ce1c2",
  },
  {
    space: { "/x": "uniform(-1e6, 1e6, precision=None)" },
    params: { "/x": -1.5 },
    text: "/x:-1.5",
    id: "b6f4964f66702596382567e75a160729",
    hash: "b6f4964f66702596382567e75a160729",
  },
  {
    space: { "/x": "uniform(-1e6, 1e6, precision=None)" },
    params: { "/x": 100000 },
    text: "/x:100000.0",
    id: "dc363bebf757fe0f2d6d10f5818ad9db",
    hash: "dc363bebf757fe0f2d6d10f5818ad9db",
  },
  {
    space: { x: "uniform(-1e6, 1e6, precision=None)" },
    params: { x: 0.30000000000000004 },
    text: "x:0.30000000000000004",
    id: "4f80472b984b8c721eaca2242565b65c",
    hash: "4f80472b984b8c721eaca2242565b65c",
  },
  {
    space: { "/n": "uniform(-10**9, 10**9, discrete=True)" },
    params: { "/n": 3 },
    text: "/n:3",
    id: "dbee364718a9e21629bab615242d7f95",
    hash: "dbee364718a9e21629bab615242d7f95",
  },
  {
    space: { "/n": "uniform(-10**9, 10**9, discrete=True)" },
    params: { "/n": -1000000 },
    text: "/n:-1000000",
    id: "5ea17c28069a9057ea79a895b3d4866a",
    hash: "5ea17c28069a9057ea79a895b3d4866a",
  },
  {
    space: { "/v": "uniform(0, 1, shape=2)" },
    params: { "/v": [0.25, 0.5] },
    text: "/v:[0.25, 0.5]",
    id: "3864e2580c56b865b9230830b49fb966",
    hash: "3864e2580c56b865b9230830b49fb966",
  },
  {
    space: { "/v": "uniform(0, 1, shape=(2, 2))" },
    params: {
      "/v": [
        [0.25, 1],
        [1e-5, 0],
      ],
    },
    text: "/v:[[0.25, 1.0], [1e-05, 0.0]]",
    id: "744a47d4cca41ef1400348adb5191131",
    hash: "744a47d4cca41ef1400348adb5191131",
  },
  {
    space: { "/v": "uniform(0, 9, discrete=True, shape=3)" },
    params: { "/v": [1, 2, 3] },
    text: "/v:[1, 2, 3]",
    id: "8c91f308a0fa1ac5b95b30d1295167ad",
    hash: "8c91f308a0fa1ac5b95b30d1295167ad",
  },
  {
    space: { "/c": "choices([3, 3.5, True, None])" },
    params: { "/c": 3 },
    text: "/c:3",
    id: "927bb97c047694cbceab593c1f2866b8",
    hash: "927bb97c047694cbceab593c1f2866b8",
  },
  {
    space: { "/c": "choices([3.0, '3'])" },
    params: { "/c": 3 },
    text: "/c:3.0",
    id: "305187782e02d836664896a5f0ca5de5",
    hash: "305187782e02d836664896a5f0ca5de5",
  },
  {
    space: { "/c": "choices([3, 3.5, True, None])" },
    params: { "/c": true },
    text: "/c:True",
    id: "ba95447db61d90c82ae50e8546e87fcc",
    hash: "ba95447db61d90c82ae50e8546e87fcc",
  },
  {
    space: { "/c": "choices([3, 3.5, True, None])" },
    params: { "/c": null },
    text: "/c:None",
    id: "ac9fff90aaf4dbf95f6245ee5ca1170b",
    hash: "ac9fff90aaf4dbf95f6245ee5ca1170b",
  },
  {
    space: { "/c": "choices(['é', '中 文', \"it's\"])" },
    params: { "/c": "中 文" },
    text: "/c:中 文",
    id: "e1c6eb8a8277b2b001ce5f48f73f4f78",
    hash: "e1c6eb8a8277b2b001ce5f48f73f4f78",
  },
  {
    space: { "/c": "choices(['a', \"it's\"], shape=2)" },
    params: { "/c": ["a", "it's"] },
    text: "/c:['a', \"it's\"]",
    id: "e4f8c04f96393aabd0653f71fdd7a9c8",
    hash: "e4f8c04f96393aabd0653f71fdd7a9c8",
  },
  {
    space: { "/c": "choices([(1, 2.0), [1]])" },
    params: { "/c": [1, 2] },
    text: "/c:(1, 2.0)",
    id: "34f393a4abd354fb8c197d0180483394",
    hash: "34f393a4abd354fb8c197d0180483394",
  },
  {
    space: { "/c": "choices([{'a': [1, None]}, 'b'])" },
    params: { "/c": { a: [1, null] } },
    text: "/c:{'a': [1, None]}",
    id: "457b096e21c758c8bdc1800c3f488cca",
    hash: "457b096e21c758c8bdc1800c3f488cca",
  },
  {
    space: {
      "/v": "uniform(0, 1, shape=2)",
      "/f": "fidelity(1, 10)",
      "/i": "uniform(0, 5, discrete=True)",
      "/u": "uniform(0, 5)",
      "/c": "choices(['a', 'b'])",
    },
    params: { "/v": [0.25, 0.5], "/f": 10, "/i": 3, "/u": 1.5, "/c": "a" },
    text: "/c:a,/f:10,/i:3,/u:1.5,/v:[0.25, 0.5]",
    id: "c12d2a24f878f52561d3dc3587fcf8ac",
    hash: "67b2603e48d339d02e579b7ae350e3ae",
  },
  {
    space: {
      b: "uniform(-1e6, 1e6, precision=None)",
      "a.z": "uniform(-1e6, 1e6, precision=None)",
      B: "uniform(-1e6, 1e6, precision=None)",
      a: "uniform(-1e6, 1e6, precision=None)",
    },
    params: { b: 1, "a.z": 2, B: 3, a: 4 },
    text: "B:3.0,a:4.0,a.z:2.0,b:1.0",
    id: "2675ef815260366b5aa792da0ec05db2",
    hash: "2675ef815260366b5aa792da0ec05db2",
  },
  {
    space: { "/x": "uniform(-1e6, 1e6, precision=None)" },
    params: { "/x": 1.5 },
    options: { parent: "0123456789abcdef0123456789abcdef" },
    text: "/x:1.5",
    id: "bed215dd467cbd46b948ed8dabc79232",
    hash: "bfd6f0ce67dfa9f70ebf8f348a3c8dc1",
  },
  {
    space: { "/x": "uniform(-1e6, 1e6, precision=None)" },
    params: { "/x": 1.5 },
    options: { lie: { name: "lie", value: 0.25 } },
    text: "/x:1.5",
    id: "77238c13737bdf4a95591fada790a377",
    hash: "bfd6f0ce67dfa9f70ebf8f348a3c8dc1",
  },
  {
    space: { "/x": "uniform(-1e6, 1e6, precision=None)" },
    params: { "/x": 1.5 },
    options: { parent: "0123456789abcdef0123456789abcdef", lie: { name: "lie", value: 3 } },
    text: "/x:1.5",
    id: "00b1213a02692f002059eac63d5f9f06",
    hash: "bfd6f0ce67dfa9f70ebf8f348a3c8dc1",
  },
  {
    space: { "/g": "normal(0, 1, precision=None)" },
    params: { "/g": -2.5e-300 },
    text: "/g:-2.5e-300",
    id: "3eb15878d3b62e40337f424bd38b94c2",
    hash: "3eb15878d3b62e40337f424bd38b94c2",
  },
];

test.each(goldens)("$text has the id that Python computes", ({ space, params, options, text, id, hash }) => {
  const parsed = parseSpace(space);
  expect(paramsText(parsed, params)).toBe(text);
  expect(trialId(parsed, params, options)).toBe(id);
  expect(paramsHash(parsed, params)).toBe(hash);
});

test("a leading slash of the parameters' names and their order do not matter", () => {
  const space = parseSpace({ "/a": "uniform(0, 1)", "/b": "uniform(0, 1)" });
  expect(trialId(space, { b: 0.5, a: 0.25 })).toBe(trialId(space, { "/a": 0.25, "/b": 0.5 }));
});

test("the fidelity changes the id but not the hash of the parameters", () => {
  const space = parseSpace({ "/a": "uniform(0, 1)", "/f": "fidelity(1, 9)" });
  const [low, high] = [
    { "/a": 0.5, "/f": 1 },
    { "/a": 0.5, "/f": 9 },
  ] as const;
  expect(trialId(space, low)).not.toBe(trialId(space, high));
  expect(paramsHash(space, low)).toBe(paramsHash(space, high));
});

test("parameters that lack a dimension have no id", () => {
  expect(() => trialId(parseSpace({ "/a": "uniform(0, 1)" }), {})).toThrow(TypeError);
});

const lookAlike = { "/x": "choices([1, '1', True, 'True', None, 'None', [1], '[1]', \"'1'\"])" };
const runOn = { "/a": "choices(['1,/b:2', '1'])", "/b": "choices(['2,/b:2', '2'])", "/f": "fidelity(1, 4)" };

test.each([lookAlike, runOn])("points whose texts are the same in Oríon have ids of their own in %j", (texts) => {
  const space = parseSpace(texts);
  const points = Array.from({ length: enumerable(space) }, (_, index) => pointAt(space, index));
  expect(new Set(points.map((point) => trialId(space, point))).size).toBe(points.length);
  expect(new Set(points.map((point) => paramsHash(space, point))).size).toBe(points.length);
});

test("categories with commas, colons and quotes keep their ids where no two points have one text", () => {
  const space = parseSpace({ "/a": "choices(['1,/b:2', '2', 'it\\'s'])", "/b": "choices([1, 2, True])" });
  expect(paramsText(space, { "/a": "1,/b:2", "/b": true })).toBe("/a:1,/b:2,/b:True");
});

test("any space of categories gives each point an id of its own", () => {
  const text = fc.string({ unit: fc.constantFrom("1", ",", "b", ":", "'"), maxLength: 8 });
  const category = fc.oneof(text, fc.constantFrom(1, 11, true, null, ["1"]));
  const categories = fc.uniqueArray(category, { minLength: 1, maxLength: 4, selector: (value) => pythonRepr(value) });
  fc.assert(
    fc.property(categories, categories, (a, b) => {
      const space = parseSpace({ a: `choices(${pythonRepr(a)})`, b: `choices(${pythonRepr(b)})` });
      const points = Array.from({ length: enumerable(space) }, (_, index) => pointAt(space, index));
      expect(new Set(points.map((point) => trialId(space, point))).size).toBe(points.length);
    }),
  );
});
