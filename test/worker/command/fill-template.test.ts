import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { UsageError } from "../../../src/errors.js";
import { checkTemplates, fillTemplate } from "../../../src/worker/command/fill-template.js";

const fill = (word: string) => fillTemplate(word, (field) => `<${field}>`);

describe("fillTemplate", () => {
  it.each([
    ["{trial.id}", "<trial.id>"],
    ["x-{exp.name}-{exp.version}", "x-<exp.name>-<exp.version>"],
    ["{trial.params[/lr]}", "<trial.params[/lr]>"],
    ['{{"id": "{trial.id}"}}', '{"id": "<trial.id>"}'],
    ['{"a": {"id": "{trial.id}"}}', '{"a": {"id": "<trial.id>"}}'],
    ["{{{trial.id}}}", "{<trial.id>}"],
    ["{{trial.id}}", "{trial.id}"],
    ["{a} {trial.id} {{b}}", "{a} <trial.id> {{b}}"],
  ])("turns %s into %s", (word, filled) => {
    expect(fill(word)).toBe(filled);
  });

  it.each(['{"a": {"b": 1}}', "{{a}}", "{}", "{trial}", "{ trial.id }", "{{ trial.id }}", "{trials.id}", "{trial.id"])(
    "leaves %s alone",
    (word) => {
      expect(fill(word)).toBe(word);
    },
  );

  it("does not look again at what it put in", () => {
    expect(fillTemplate("{trial.id}", () => "{trial.id}")).toBe("{trial.id}");
    expect(fillTemplate("{trial.id}", () => "$& $1")).toBe("$& $1");
  });

  it("keeps every word that names neither trial nor exp", () => {
    const piece = fc.constantFrom("{", "}", "{{", "}}", "trial", "exp", ".", "[", "]", "a", " ");
    const word = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(""));
    fc.assert(
      fc.property(
        word.filter((text) => !/\{(trial|exp)\./.test(text)),
        (text) => {
          expect(fill(text)).toBe(text);
        },
      ),
    );
  });
});

describe("checkTemplates", () => {
  const check = (...words: string[]) =>
    checkTemplates({ words: ["./a", ...words], priors: { "/lr": "uniform(0, 1)", "/old": "-" } });

  it("accepts the known fields, and dimensions with or without their slash", () => {
    check(
      "{trial.id} {trial.number}",
      "{exp.metadata[user]}",
      "{trial.params[/lr]}",
      "{trial.params[lr]}",
      "{other.x}",
    );
  });

  it.each(["trial.foo", "exp.", "trial.params[/old]", "trial.params", "trial.id!r", "trial.id:>9"])(
    "refuses {%s} and lists the known ones",
    (field) => {
      expect(() => check(`a {${field}}`)).toThrow(UsageError);
      expect(() => check(`a {${field}}`)).toThrow(`There is no template {${field}}`);
      expect(() => check(`a {${field}}`)).toThrow(
        expect.objectContaining({ remedy: expect.stringMatching(/\{trial\.id\}.*\{trial\.params\[\/lr\]\}/) }),
      );
    },
  );
});
