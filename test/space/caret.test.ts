import { expect, test } from "vitest";
import { SpaceSyntaxError } from "../../src/errors.js";
import { showPosition } from "../../src/space/caret.js";

const show = (text: string, position: number) => showPosition(new SpaceSyntaxError("m", text, position));

test("the caret stands below the character at the position", () => {
  expect(show("uniform(1, 0)", 8)).toBe("uniform(1, 0)\n        ^");
  expect(show("uniform(0, 1", 12)).toBe("uniform(0, 1\n            ^");
});

test("a character outside the basic plane takes one column, and a line break becomes a space", () => {
  expect(show("'😀' x", 5)).toBe("'😀' x\n    ^");
  expect(show("a\nb", 2)).toBe("a b\n  ^");
});

test("a long text is cut to a window that holds the place", () => {
  const text = `${"a".repeat(300)}!${"b".repeat(300)}`;
  const [line, caret] = show(text, 300).split("\n") as [string, string];
  expect(line.length).toBeLessThan(110);
  expect(line[caret.indexOf("^")]).toBe("!");
  expect(line).toMatch(/^…a+!b+…$/);
  expect(show(text, 0)).toMatch(/^a+…\n\^$/);
  expect(show(text, 601).split("\n")[0]).toMatch(/^…b+$/);
});
