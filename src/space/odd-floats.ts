/**
 * JSON that keeps every JavaScript number.
 *
 * Plain JSON writes `NaN` and ±`Infinity` as `null`, and some databases turn `-0` into `0`. Those four are written as
 * `{"$number": "NaN"}`; a key that really is `$number` gets one `$` more, so any document survives. All else is
 * standard JSON, `undefined` members are left out as there.
 *
 * @throws {TypeError} for what JSON cannot hold: `undefined` itself, a function, a bigint, a cycle.
 */
export function encodeJson(value: unknown): string {
  const text: string | undefined = JSON.stringify(value, isPlain(value, 0) ? undefined : wrap);
  if (text === undefined) throw new TypeError(`${String(value)} cannot be written as JSON`);
  return text;
}

/**
 * Read what `encodeJson` wrote; standard JSON is read as usual.
 *
 * @throws {SyntaxError} when `text` is no JSON.
 */
export function decodeJson(text: string): unknown {
  return text.includes(marker) ? JSON.parse(text, unwrap) : JSON.parse(text);
}

const marker = "$number";
const oddNumbers: Readonly<Record<string, number>> = { NaN, Infinity, "-Infinity": -Infinity, "-0": -0 };

/** Standard JSON keeps all of it, which is nearly always so, and which an engine writes five times as fast. */
function isPlain(value: unknown, depth: number): boolean {
  if (typeof value === "number") return !isOdd(value);
  if (typeof value !== "object" || value === null) return true;
  if (depth === deepestLook) return false;
  if (Array.isArray(value)) {
    for (const item of value) if (!isPlain(item, depth + 1)) return false;
    return true;
  }
  const record = value as Readonly<Record<string, unknown>>;
  if (typeof record.toJSON === "function") return false; // it may become anything
  for (const key in record) {
    if (key.endsWith(marker) || !isPlain(record[key], depth + 1)) return false;
  }
  return true;
}

/** What is deeper may be a cycle. */
const deepestLook = 32;

function wrap(_key: string, value: unknown): unknown {
  if (typeof value === "number")
    return isOdd(value) ? { [marker]: Object.is(value, -0) ? "-0" : String(value) } : value;
  if (!isRecord(value) || !Object.keys(value).some(endsInMarker)) return value;
  return renameKeys(value, (key) => `$${key}`);
}

function unwrap(_key: string, value: unknown): unknown {
  if (!isRecord(value)) return value;
  const odd = value[marker];
  if (typeof odd === "string" && Object.hasOwn(oddNumbers, odd)) return oddNumbers[odd];
  return Object.keys(value).some(endsInMarker) ? renameKeys(value, (key) => key.slice(1)) : value;
}

function isOdd(value: number): boolean {
  return !Number.isFinite(value) || Object.is(value, -0);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function endsInMarker(key: string): boolean {
  return /^\$+number$/.test(key);
}

/** `fromEntries` defines members, so that a key `__proto__` stays an ordinary one. */
function renameKeys(value: Readonly<Record<string, unknown>>, rename: (key: string) => string): object {
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [endsInMarker(key) ? rename(key) : key, item]));
}
