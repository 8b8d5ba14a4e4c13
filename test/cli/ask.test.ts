import { PassThrough, Readable } from "node:stream";
import { expect, it } from "vitest";
import { askWhether, openAsker } from "../../src/cli/ask.js";

function ask(input: Readable) {
  let said = "";
  const asker = openAsker({
    stdin: input,
    out: (text) => {
      said += text;
    },
  });
  return { asker, said: () => said };
}

it("answers that arrive at once are given one by one, then there is nobody", async () => {
  const { asker, said } = ask(Readable.from(["one\n two \n", "last"]));
  expect(await asker.ask("a? ")).toBe("one");
  expect(await asker.ask("b? ")).toBe("two");
  expect(await asker.ask("c? ")).toBe("last");
  expect(await asker.ask("d? ")).toBeUndefined();
  expect(said()).toBe("a? b? c? d? \n");
});

it("an answer is waited for", async () => {
  const input = new PassThrough();
  const { asker } = ask(input);
  const answer = asker.ask("? ");
  input.write("lat");
  input.write("er\n");
  expect(await answer).toBe("later");
});

it("a disposed asker lets go of its input", () => {
  const input = new PassThrough();
  const { asker } = ask(input);
  asker[Symbol.dispose]();
  expect(input.isPaused()).toBe(true);
});

it.each([
  ["y", true],
  ["Yes", true],
  ["n", false],
  ["", false],
  ["yesterday", false],
])("whether: %j means %s", async (answer, meant) => {
  expect(await askWhether(ask(Readable.from([`${answer}\n`])).asker, "?")).toBe(meant);
});
