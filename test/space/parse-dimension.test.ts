import { expect, test } from "vitest";
import { SpaceSyntaxError } from "../../src/errors.js";
import { parseDimension } from "../../src/space/parse-dimension.js";

test("a prior gives a dimension with all its facts", () => {
  expect(parseDimension("/lr", "loguniform(1e-5, 1, default_value=0.01)")).toEqual({
    name: "/lr",
    type: "real",
    prior: { name: "loguniform", low: 1e-5, high: 1 },
    low: 1e-5,
    high: 1,
    shape: [],
    defaultValue: 0.01,
    precision: 4,
  });
  expect(parseDimension("n", "uniform(0.5, 2.5, discrete=True, shape=(2, 1), default_value=[[1], [2.0]])")).toEqual({
    name: "n",
    type: "integer",
    prior: { name: "uniform", low: 0.5, high: 2.5 },
    low: 0,
    high: 3,
    shape: [2, 1],
    defaultValue: [[1], [2]],
    precision: 4,
  });
  expect(parseDimension("epochs", "fidelity(1, 9, base=3)")).toEqual({
    name: "epochs",
    type: "fidelity",
    low: 1,
    high: 9,
    base: 3,
    shape: [],
    defaultValue: undefined,
  });
});

test("categories keep their Python type", () => {
  const dimension = parseDimension("c", `choices([3, 0.5, '3', True, None, [1, 2.0], (1,), {'a': 1e-7}, "it's"])`);
  if (dimension.type !== "categorical") throw new Error("not categorical");
  expect(dimension.categories).toEqual([
    { value: 3, text: "3", repr: "3" },
    { value: 0.5, text: "0.5", repr: "0.5" },
    { value: "3", text: "3", repr: "'3'" },
    { value: true, text: "True", repr: "True" },
    { value: null, text: "None", repr: "None" },
    { value: [1, 2], text: "[1, 2.0]", repr: "[1, 2.0]" },
    { value: [1], text: "(1,)", repr: "(1,)" },
    { value: { a: 1e-7 }, text: "{'a': 1e-07}", repr: "{'a': 1e-07}" },
    { value: "it's", text: "it's", repr: `"it's"` },
  ]);
  expect(dimension.probabilities).toEqual(Array(9).fill(1 / 9));
});

test("choices take a list, a tuple, bare arguments or a dict of probabilities", () => {
  const categories = (text: string) => {
    const dimension = parseDimension("c", text);
    return dimension.type === "categorical" ? dimension.categories.map(({ value }) => value) : [];
  };
  expect(categories("choices(['a', 'b'])")).toEqual(["a", "b"]);
  expect(categories("choices(('a', 'b'))")).toEqual(["a", "b"]);
  expect(categories("choices('a', 'b')")).toEqual(["a", "b"]);
  expect(categories("choices('ab')")).toEqual(["ab"]);
  expect(categories("choices([1, 2], [3])")).toEqual([[1, 2], [3]]);
  expect(parseDimension("c", "choices({'a': 0.25, 2: .75})")).toMatchObject({
    probabilities: [0.25, 0.75],
    weighted: true,
  });
});

test.each([
  ["reciprocal(1, 2)", "loguniform(1, 2)"],
  ["gaussian(1, 2)", "normal(1, 2)"],
  ["norm(1, 2)", "normal(1, 2)"],
  ["  uniform ( 0 ,\n 1 , ) ", "uniform(0, 1)"],
  ["uniform(-2**2, 10**-3 + 2*3)", "uniform(-4, 6.001)"],
  ["uniform((7 // -2), 7 % -4 + 7.5 % 2)", "uniform(-4, 0.5)"],
  ["uniform(2**-1, (1 + 2) * 3)", "uniform(0.5, 9)"],
  ["loguniform(10**-5, 10**-4)", "loguniform(1e-05, 0.0001)"],
  ["loguniform(10.0**-23, 7**-2)", "loguniform(1e-23, 0.02040816326530612)"],
  ["uniform((-10)**-5, np.power(10, -4))", "uniform(-1e-05, 0.0001)"],
  ["uniform(0**2, 2**-1074)", "uniform(0, 5e-324)"],
  ["uniform(10**-2000, (-1)**2000)", "uniform(0, 1)"],
  ["uniform(-np.pi, numpy.exp(0))", "uniform(-3.141592653589793, 1)"],
  ["uniform(math.log10(100), np.power(2, 3))", "uniform(2, 8)"],
  ["uniform(1_000, 0x1000)", "uniform(1000, 4096)"],
  ["uniform(0, 1, low=-5, high=0.5)", "uniform(0, 1, high=0.5)"],
  ["uniform(0, 1, shape=None, precision=4, discrete=False, default_value=None)", "uniform(0, 1)"],
  ["uniform(0, 1, shape=[3])", "uniform(0, 1, shape=3)"],
  ["fidelity(1, 8, 2)", "fidelity(1, 8)"],
  ["fidelity(low=1, high=8)", "fidelity(1, 8)"],
  ["fidelity(1e0, 1e3)", "fidelity(1, 1000)"],
  ["choices([true, null])", "choices([True, None])"],
  ["choices([r'C:\\users\\x', r'\\'', r'\\101'])", `choices(["C:\\\\users\\\\x", "\\\\'", "\\\\101"])`],
  ["choices([r'\\n', u'b', 'c' \"d\"])", "choices(['\\\\n', 'b', 'cd'])"],
  ["choices(['\\x41\\u00e9\\101\\d\\'\\t'])", `choices(["AéA\\\\d'\\x09"])`],
])("%s means %s", (written, meant) => {
  expect(parseDimension("x", written)).toEqual(parseDimension("x", meant));
});

test("None is a default only where it is a category", () => {
  expect(parseDimension("c", "choices([None, 'a'], default_value=None)").defaultValue).toBeNull();
  expect(parseDimension("c", "choices(['a'], default_value=None)").defaultValue).toBeUndefined();
});

/** Text, what the message says, position of the caret, what the remedy says. */
const mistakes: readonly (readonly [string, string, number, string])[] = [
  ["unifrom(0, 1)", 'there is no prior "unifrom"', 0, "Did you mean uniform?"],
  ["Uniform(0, 1)", 'there is no prior "Uniform"', 0, "Did you mean uniform?"],
  ["beta(1, 2)", 'there is no prior "beta"', 0, "Priors are uniform, loguniform, normal, choices, fidelity"],
  ["randint(1, 6)", 'there is no prior "randint"', 0, "uniform(1, 6, discrete=True)"],
  ["quniform(0, 1, 0.1)", 'there is no prior "quniform"', 0, "multiply by the step in your program, or list"],
  ["__import__('os')", 'there is no prior "__import__"', 0, "Priors are"],
  ["constructor(1)", 'there is no prior "constructor"', 0, "Priors are"],
  ["uniform(0, 1", '"uniform(0, 1" has no closing parenthesis', 12, 'Add ")"'],
  ["choices([1, 2)", '")" is unexpected after "choices([1, 2"', 13, 'end with "]"'],
  ["choices([1, 2", "has no closing bracket", 13, 'Add "]"'],
  ["uniform(0 1)", '"1" is unexpected after "uniform(0"', 10, "commas"],
  ["uniform(0,, 1)", '"," is unexpected', 10, "Write a value there"],
  ["uniform(0, 1) + 1", '"+" is unexpected', 14, "Remove it"],
  ["uniform", '"uniform" is not of the form prior(arguments)', 0, "uniform(0, 1)"],
  ["fidelity", '"fidelity" is not of the form', 0, "fidelity(1, 9, base=3)"],
  ["0.5", '"0.5" is not of the form', 0, "parentheses"],
  ["", '"" is not of the form', 0, "parentheses"],
  ["uniform(1, 0)", 'the bounds of "uniform(1, 0)" are swapped', 8, "uniform(0, 1)"],
  ["uniform(1, 1)", 'the bounds of "uniform(1, 1)" are equal', 8, "different bounds"],
  ["uniform(0, np.inf)", '"np.inf" is not finite', 11, "finite number"],
  ["uniform(0, 'a')", `"'a'" is not a number`, 11, "Write a number"],
  ["uniform(1)", '"uniform(1)" has 1 argument', 0, "uniform(low, high)"],
  ["uniform()", '"uniform()" has 0 arguments', 0, "uniform(low, high)"],
  ["uniform(0, 1, True)", "has 3 arguments", 14, "discrete=True"],
  ["uniform(low=0, high=1)", "has 0 arguments", 0, "uniform(low, high)"],
  ["loguniform(0, 1)", '"loguniform(0, 1)" is not positive', 11, "above 0"],
  ["loguniform(-1, 1)", '"loguniform(-1, 1)" is not positive', 11, "above 0"],
  ["normal(0, -1)", 'deviation "-1" is not positive', 10, "above 0"],
  ["uniform(0, 1, precision=0)", 'the precision "0" is not a positive integer', 24, "at least 1"],
  ["uniform(0, 1, precision=2.5)", 'the precision "2.5"', 24, "whole number"],
  ["uniform(0, 1, shape=0)", 'the shape "0"', 20, "whole number"],
  ["uniform(0, 1, default_value=2)", 'the default "2" is outside [0, 1]', 28, "inside [0, 1]"],
  ["uniform(0, 3, discrete=True, default_value=1.5)", 'the default "1.5" is not an integer', 43, "whole number"],
  ["uniform(0, 1, shape=100001)", 'the shape "100001" has more than 100000 elements', 20, "a few numbers"],
  ["choices([1, 2], shape=(1e3, 1e9))", 'the shape "(1e3, 1e9)" has more than', 22, "a few numbers"],
  ["uniform(0, 1, shape=2, default_value=0.5)", 'the default "0.5" does not have the shape', 37, "list of 2"],
  ["uniform(0, 1, low=2)", 'low= and high= of "uniform(0, 1, low=2)" leave nothing', 14, "inside (0, 1)"],
  ["normal(0, 1, low=1, high=-1)", "leave nothing to search", 13, "low below high"],
  ["normal(0, 1e-200, low=1)", 'the bounds of "normal(0, 1e-200, low=1)" are too many', 18, "larger deviation"],
  ["uniform(0, 2**60, discrete=True)", "beyond the exact integers", 0, "2**53"],
  ["uniform(0, 1, discrete=1)", "discrete=1 is neither True nor False", 23, "discrete=True"],
  ["uniform(0, 1, precison=2)", 'uniform has no argument "precison"', 14, "Did you mean precision?"],
  ["uniform(0, 1, seed=1)", 'no argument "seed"', 14, "algorithm"],
  ["uniform(0, 1, random_state=1)", 'no argument "random_state"', 14, "algorithm"],
  ["uniform(1e-5, 1, log=True)", 'no argument "log"', 17, "loguniform(1e-5, 1)"],
  ["uniform(0, 256, step=16)", 'no argument "step"', 16, "multiply by the step in your program"],
  ["uniform(0, 256, q=16)", 'no argument "q"', 16, "multiply by the step in your program"],
  ["uniform(0, 1, size=2)", 'no argument "size"', 14, "shape="],
  ["uniform(loc=0, scale=1)", 'no argument "loc"', 8, "without names"],
  ["uniform(0, 1, shape=2, shape=3)", '"shape" is given twice', 23, "Keep one"],
  ["uniform(low=0, 1)", '"1" follows an argument with a name', 15, "first"],
  ["choices()", '"choices()" has no categories', 0, "choices(['a', 'b'])"],
  ["choices([])", '"choices([])" has no categories', 0, "choices(['a', 'b'])"],
  ["choices(['a', 'b', 'a'])", `the category "'a'" is given twice`, 19, "Keep one"],
  ["choices([3, 3.0])", 'the category "3.0" is the same value as 3', 12, "Keep one"],
  ["choices([a, b])", '"a" is neither a number nor a string in quotes', 9, "Write 'a'"],
  ["choices({'a': 0.5, 'b': 0.4})", "sum to 0.9, not to 1", 8, "'a': 0.5555555556"],
  ["choices({'a': 0, 'b': 1})", 'the probability "0" is not positive', 14, "Leave a category out"],
  ["choices({'a', 'b'})", '"," is unexpected', 12, "write a list"],
  ["choices(['a'], default_value='c')", `the default "'c'" is none of the categories`, 29, "one of 'a'"],
  ["choices(['a'], precision=2)", 'choices has no argument "precision"', 15, "shape, default_value"],
  ["choices([2**53 + 2])", 'the integer "2**53 + 2" is beyond 2**53', 9, "string"],
  ["choices(['a)", `the string "'a)" does not end`, 9, "closing '"],
  ["choices(['\\x4'])", '"\\x4\'" is not the code of a character', 10, "2 hexadecimal digits"],
  ["fidelity(0, 9)", 'the lowest fidelity of "fidelity(0, 9)" is "0"', 9, "fidelity(1, 9, base=3)"],
  ["fidelity(1, 9.5)", '"9.5", not an integer', 12, "fidelity(1, 9, base=3)"],
  ["fidelity(1, 2**60)", '"2**60", beyond the exact integers', 12, "2**53 - 1"],
  ["fidelity(-(2**60), 9)", '"-(2**60)", not an integer of at least 1', 9, "fidelity(1, 9, base=3)"],
  ["fidelity(9, 1)", 'the bounds of "fidelity(9, 1)" are swapped', 9, "fidelity(1, 9)"],
  ["fidelity(1, 9, base=0)", 'the base of "fidelity(1, 9, base=0)" is "0"', 20, "fidelity(1, 9, base=3)"],
  ["fidelity(9)", '"fidelity(9)" does not have its arguments', 0, "fidelity(1, 9, base=3)"],
  ["fidelity(1, 9, low=1)", '"low" is given twice', 15, "Keep one"],
  ["uniform(0, 1; 2)", 'the character ";" has no meaning', 12, "straight quotes"],
  ["choices([‘a’])", 'the character "‘" has no meaning', 9, "straight quotes"],
  ["uniform(0, 1x)", '"1x" is not a number', 11, "1e-5"],
  ["uniform(0, 010)", '"010" is not a number', 11, "1e-5"],
  ["uniform(0, 1/0)", '"1/0" is not a finite number', 11, "exists"],
  ["uniform(0, (-8)**0.5)", '"(-8)**0.5" is not a finite number', 11, "exists"],
  ["uniform(0, 'a' * 3)", `"'a' * 3" is not arithmetic on numbers`, 11, "numbers only"],
  ["uniform(0, np.foo(1))", '"np.foo" is not known', 11, "exp"],
  ["uniform(0, np.exp(1, 2))", '"np.exp(1, 2)" has the wrong arguments', 11, "one number"],
  ["uniform(0, os.system('ls'))", '"os" is neither a number nor a string', 11, "quotes"],
  [`choices(${"[".repeat(60)})`, "is unexpected", 58, "at most 50 deep"],
];

test.each(mistakes)("%s is refused with its place and a remedy", (text, message, position, remedy) => {
  const error = catchError(() => parseDimension("/x", text));
  expect(error).toBeInstanceOf(SpaceSyntaxError);
  if (!(error instanceof SpaceSyntaxError)) return;
  expect(error.message).toMatch(/^Dimension "\/x": /);
  expect(error.message).toContain(message);
  expect(error.message).toMatch(/\.$/);
  expect(error.message).not.toContain("\n");
  expect(error.position).toBe(position);
  expect(error.text).toBe(text);
  expect(error.remedy).toContain(remedy);
});

test("deep nesting ends in a message", () => {
  for (const text of [
    `uniform(${"(".repeat(1e5)}`,
    `uniform(${"2**".repeat(1e5)}2, 1)`,
    `uniform(${"-".repeat(1e5)}1, 2)`,
  ]) {
    try {
      parseDimension("x", text);
    } catch (error) {
      expect(error).toBeInstanceOf(SpaceSyntaxError);
    }
  }
});

function catchError(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  return undefined;
}
