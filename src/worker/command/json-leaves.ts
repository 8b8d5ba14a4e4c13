import { ConfigSyntaxError, type Leaf } from "./config-leaf.js";

const space = /[ \t\r\n\uFEFF]*/y;
const string = /"[^"\\\u0000-\u001f]*(?:\\(?:["\\/bfnrt]|u[\da-fA-F]{4})[^"\\\u0000-\u001f]*)*"/y;
/** NaN and the infinities are Python's and JavaScript's common extension. */
const literal = /true|false|null|NaN|-?Infinity|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

/**
 * The scalars of a JSON file in the order of the text. `JSON.parse` would lose where they stand, and digits.
 *
 * @throws {ConfigSyntaxError}
 */
export function readJsonLeaves(text: string): readonly Leaf[] {
  const leaves: Leaf[] = [];
  let position = 0;

  function take(pattern: RegExp): string | undefined {
    pattern.lastIndex = position;
    const found = pattern.exec(text)?.[0];
    position += found?.length ?? 0;
    return found;
  }

  /** The next character, if it is one of `characters`. */
  function takeMark(characters: string): string | undefined {
    take(space);
    const mark = text[position];
    if (mark === undefined || !characters.includes(mark)) return undefined;
    position += 1;
    return mark;
  }

  function fail(expected: string): never {
    const found = position < text.length ? `"${text[position]}"` : "the end";
    throw new ConfigSyntaxError(`expected ${expected}, found ${found}`, position);
  }

  function readValue(path: string): void {
    const bracket = takeMark("{[");
    if (bracket === "{") readItems("}", () => `${path}/${readKey()}`);
    else if (bracket === "[") readItems("]", (index) => `${path}/${index}`);
    else readScalar(path);
  }

  function readScalar(path: string): void {
    const start = position;
    const quoted = take(string);
    if (quoted === undefined && take(literal) === undefined) fail("a value");
    leaves.push({ path, value: quoted === undefined ? undefined : JSON.parse(quoted), start, end: position });
  }

  function readItems(close: "}" | "]", pathOf: (index: number) => string): void {
    if (takeMark(close)) return;
    for (let index = 0; ; index += 1) {
      readValue(pathOf(index));
      if (takeMark(close)) return;
      if (!takeMark(",")) fail(`"," or "${close}"`);
    }
  }

  function readKey(): string {
    take(space);
    const key = take(string) ?? fail("a key in double quotes");
    if (!takeMark(":")) fail('":"');
    return JSON.parse(key);
  }

  readValue("");
  take(space);
  if (position < text.length) fail("the end");
  return leaves;
}
