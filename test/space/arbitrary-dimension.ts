import fc from "fast-check";
import type { Dimension } from "../../src/space/dimension.js";
import { parseDimension } from "../../src/space/parse-dimension.js";
import { pythonFloat, pythonRepr } from "../../src/space/python-text.js";

const shapes = fc.oneof(
  { weight: 3, arbitrary: fc.constant([] as number[]) },
  { weight: 1, arbitrary: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 2 }) },
);

const finite = fc.oneof(
  fc.integer({ min: -1000, max: 1000 }),
  fc.double({ min: -1e6, max: 1e6, noNaN: true }),
  fc.double({ min: -1e150, max: 1e150, noNaN: true }),
);

const precisions = fc.oneof(
  fc.constant(""),
  fc.integer({ min: 1, max: 17 }).map((digits) => `, precision=${digits}`),
  fc.constant(", precision=None"),
);

function shapeText(shape: readonly number[]): string {
  return shape.length === 0 ? "" : `, shape=(${shape.join(", ")},)`;
}

/** Nested lists of `shape` around one text. */
function filled(text: string, shape: readonly number[]): string {
  return shape.reduceRight((inner, length) => `[${Array(length).fill(inner).join(", ")}]`, text);
}

function interval(low: number, high: number): readonly [number, number] {
  return low < high ? [low, high] : [high, low];
}

const priors = fc.oneof(
  fc
    .tuple(finite, finite)
    .filter(([a, b]) => a !== b)
    .map(([a, b]) => ["uniform", ...interval(a, b)] as const),
  fc
    .tuple(fc.double({ min: 1e-12, max: 1e12, noNaN: true }), fc.double({ min: 1e-12, max: 1e12, noNaN: true }))
    .filter(([a, b]) => a !== b)
    .map(([a, b]) => ["loguniform", ...interval(a, b)] as const),
  fc
    .tuple(fc.integer({ min: -100, max: 100 }), fc.double({ min: 1e-3, max: 1e3, noNaN: true }))
    .map(([mean, deviation]) => ["normal", mean, deviation] as const),
);

/** Real dimensions with every argument that they may have. */
export const realDimension: fc.Arbitrary<Dimension> = fc
  .record({
    prior: priors,
    cut: fc.option(
      fc.tuple(fc.double({ min: 0, max: 0.4, noNaN: true }), fc.double({ min: 0.6, max: 1, noNaN: true })),
    ),
    precision: precisions,
    shape: shapes,
    hasDefault: fc.boolean(),
  })
  .map(({ prior: [name, a, b], cut, precision, shape, hasDefault }) => {
    const [from, to] = name === "normal" ? [a - 2 * b, a + 2 * b] : [a, b];
    const [low, high] =
      cut === null ? [from, to] : [from + (to - from) * cut[0], Math.min(from + (to - from) * cut[1], to)];
    const bounds = cut === null || low >= high ? "" : `, low=${pythonFloat(low)}, high=${pythonFloat(high)}`;
    const defaultValue = hasDefault ? `, default_value=${filled(pythonFloat(high), shape)}` : "";
    return parseDimension(
      "x",
      `${name}(${pythonFloat(a)}, ${pythonFloat(b)}${bounds}${shapeText(shape)}${defaultValue}${precision})`,
    );
  });

/** Integer dimensions; spans up to a million. */
export const integerDimension: fc.Arbitrary<Dimension> = fc
  .record({
    name: fc.constantFrom("uniform", "loguniform", "normal"),
    low: fc.oneof(fc.integer({ min: -500, max: 500 }), fc.double({ min: -500, max: 500, noNaN: true })),
    span: fc.oneof(fc.integer({ min: 2, max: 50 }), fc.double({ min: 2, max: 1e6, noNaN: true })),
    cut: fc.boolean(),
    precision: precisions,
    shape: shapes,
  })
  .map(({ name, low, span, cut, precision, shape }) => {
    const first = name === "loguniform" ? Math.abs(low) + 0.5 : low;
    const second = name === "normal" ? span : first + span;
    const bounds = cut ? `, low=${pythonFloat(first + 0.3)}, high=${pythonFloat(first + 3)}` : "";
    return parseDimension(
      "x",
      `${name}(${pythonFloat(first)}, ${pythonFloat(second)}${bounds}${shapeText(shape)}${precision}, discrete=True)`,
    );
  });

const categoryText = fc.oneof(
  fc.string({ unit: "binary" }).map((text) => pythonRepr(text)),
  fc.string().map((text) => pythonRepr(text)),
  fc.integer().map(String),
  fc.double().map(pythonFloat),
  fc.constantFrom("True", "False", "None", "[1, 2.0]", "(1,)", "{'a': [1]}", "()", "-0.0", "nan"),
);

/** Categories of every kind, with equal probabilities or their own. */
export const categoricalDimension: fc.Arbitrary<Dimension> = fc
  .record({
    texts: fc.uniqueArray(categoryText, {
      minLength: 1,
      maxLength: 6,
      selector: (text) => (/^[-\d.]+$/.test(text) ? Number(text) + 0 : text),
    }),
    weighted: fc.boolean(),
    shape: shapes,
    hasDefault: fc.boolean(),
  })
  .map(({ texts, weighted, shape, hasDefault }) => {
    const categories = weighted
      ? `{${texts.map((text) => `${text}: ${pythonFloat(1 / texts.length)}`).join(", ")}}`
      : `[${texts.join(", ")}]`;
    const defaultValue = hasDefault ? `, default_value=${filled(texts.at(-1)!, shape)}` : "";
    return parseDimension("x", `choices(${categories}${shapeText(shape)}${defaultValue})`);
  });

const fidelityDimension: fc.Arbitrary<Dimension> = fc
  .tuple(fc.integer({ min: 1, max: 100 }), fc.nat({ max: 1000 }), fc.integer({ min: 1, max: 10 }))
  .map(([low, span, base]) => parseDimension("x", `fidelity(${low}, ${low + span}, base=${base})`));

export const anyDimension: fc.Arbitrary<Dimension> = fc.oneof(
  realDimension,
  integerDimension,
  categoricalDimension,
  fidelityDimension,
);
