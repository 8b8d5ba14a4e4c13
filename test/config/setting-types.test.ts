import { describe, expect, it } from "vitest";
import { algorithm, boolean, choice, integer, list, number, storage, string } from "../../src/config/setting-types.js";

describe("booleans", () => {
  it.each(["true", "True", "1", "yes", "ON", true, 1])("%j is true", (raw) => expect(boolean.read(raw)).toBe(true));
  it.each(["false", "False", "0", "no", "Off", false, 0])("%j is false", (raw) =>
    expect(boolean.read(raw)).toBe(false),
  );
  it.each(["maybe", "2", "constructor", 2, [], [true], ["true"], null, {}])("%j is refused", (raw) =>
    expect(boolean.read(raw)).toBeUndefined(),
  );
});

describe("numbers", () => {
  const count = integer({ from: 1, to: 255 });
  const limit = integer({ from: 0, unlimited: true });

  it.each([
    ["1", 1],
    [" 255 ", 255],
    [7, 7],
    ["1e2", 100],
    [7.0, 7],
  ])("%j is the whole number %d", (raw, value) => {
    expect(count.read(raw)).toBe(value);
  });

  it.each(["0", 256, "1.5", 1.5, "", "ten", true, null, "0x10", Number.NaN, "inf"])("%j is out of 1 to 255", (raw) => {
    expect(count.read(raw)).toBeUndefined();
  });

  it("a limit may be infinite, and Oríon's 1000000000 stays what it is", () => {
    for (const raw of ["inf", "Infinity", ".inf", Number.POSITIVE_INFINITY])
      expect(limit.read(raw)).toBe(Number.POSITIVE_INFINITY);
    expect(limit.read(1_000_000_000)).toBe(1_000_000_000);
    expect(limit.read("-inf")).toBeUndefined();
  });

  it("a duration may have a fraction, but not be infinite", () => {
    expect(number({ from: 0 }).read("0.5")).toBe(0.5);
    expect(number({ from: 0 }).read("inf")).toBeUndefined();
    expect(number({ from: 0 }).read(-1)).toBeUndefined();
  });
});

describe("texts", () => {
  it("a number written where a text belongs is that text", () => {
    expect(string.read(12)).toBe("12");
    expect(string.read(true)).toBeUndefined();
  });

  it("a choice is one of its words, whatever the case", () => {
    expect(choice("break", "unsure").read("Break")).toBe("break");
    expect(choice("break", "unsure").read("broken")).toBeUndefined();
    expect(choice("break", "unsure").read(["break"])).toBeUndefined();
  });

  it("a list is split at its separator, and may be a list already", () => {
    expect(list(":").read("a: b::")).toEqual(["a", "b"]);
    expect(list(",").read("http://a:1,http://b:2")).toEqual(["http://a:1", "http://b:2"]);
    expect(list(":").read(["a:b", 3])).toEqual(["a:b", "3"]);
    expect(list(":").read([{}])).toBeUndefined();
  });
});

describe("algorithms", () => {
  it.each(["tpe", { tpe: null }, { tpe: { seed: null } }, { of_type: "tpe" }, { of_type: "tpe", seed: null }])(
    "%j is tpe without options",
    (raw) => expect(algorithm.read(raw)).toEqual({ name: "tpe", options: {} }),
  );

  it("options are kept as they are", () => {
    expect(algorithm.read({ of_type: "tpe", seed: 7 })).toEqual({ name: "tpe", options: { seed: 7 } });
  });

  it.each(["", {}, { tpe: {}, random: {} }, { tpe: 3 }, ["tpe"], 3])("%j is no algorithm", (raw) => {
    expect(algorithm.read(raw)).toBeUndefined();
  });
});

it("a storage is a text or a mapping", () => {
  expect(storage.read({ type: "sqlite" })).toEqual({ type: "sqlite" });
  expect(storage.read(["sqlite"])).toBeUndefined();
});
