/**
 * Report results to `orion` from a Node program: copy this file next to yours.
 *
 *     import { reportObjective } from "./orion-client.mjs";
 *     reportObjective(loss);
 *
 * Node 14 or newer, no packages. Outside of `orion` the results are printed instead, so the program still runs by itself.
 */
import { appendFileSync, existsSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

const resultsPath = process.env.ORION_RESULTS_PATH;
let hasReported = false;

if (resultsPath && !existsSync(resultsPath)) {
  // Now rather than after hours of work.
  throw new Error(
    `ORION_RESULTS_PATH is "${resultsPath}", but there is no such file. Unset it to run the program without orion.`,
  );
}

/**
 * Report the number to minimise.
 * @param {number | bigint} value
 * @param {string} [name]
 */
export function reportObjective(value, name = "objective") {
  reportResults([objectiveOf(value, name)]);
}

/**
 * Report a trial that is valid but terrible.
 * @param {number | bigint} [objective]
 * @param {string} [name]
 * @param {object[]} [data] - Further results.
 */
export function reportBadTrial(objective = 1e10, name = "objective", data = []) {
  reportResults([objectiveOf(objective, name), ...data]);
}

/**
 * Report a list of results. `type` is "objective" (needed once), "constraint", "gradient" or "statistic". A program
 * reports once: a second call throws.
 * @param {{ name: string, type: string, value: unknown }[]} data
 */
export function reportResults(data) {
  if (hasReported) {
    throw new Error("The results of this program were already reported. Report all of them in one call.");
  }
  if (!Array.isArray(data) || !data.every((result) => typeof result === "object" && result !== null)) {
    throw new TypeError("The results must be a list of {name, type, value}.");
  }
  const text = toJson(data);
  if (resultsPath) write(resultsPath, text);
  else console.log(text);
  hasReported = true;
}

/**
 * Report the objective so far, while the program runs.
 * @param {number} step - Grows: epochs, batches, seconds.
 * @param {number} value
 */
export function reportIntermediate(step, value) {
  const line = `${numberOf(step, "step")} ${numberOf(value, "objective")}`;
  if (process.env.ORION_REPORT_PATH) appendFileSync(process.env.ORION_REPORT_PATH, `${line}\n`);
  else console.log(line);
}

/** True when `orion` asks the program to end early: report its results and end. (It gets a TERM as well.) */
export function shouldStop() {
  const path = process.env.ORION_STOP_PATH;
  return Boolean(path) && existsSync(path);
}

/** End the program so that `orion` stops here and starts this trial again at the next hunt. */
export function interruptTrial() {
  process.exit(Number(process.env.ORION_INTERRUPT_CODE || 130));
}

function objectiveOf(value, name) {
  return { name, type: "objective", value: numberOf(value, "objective") };
}

function numberOf(value, what) {
  if (typeof value === "number" || typeof value === "bigint") return value;
  throw new TypeError(`The ${what} must be a number, not ${JSON.stringify(value)}.`);
}

/** JSON with NaN, Infinity and -Infinity, which `JSON.stringify` turns into null. */
function toJson(value) {
  if (typeof value === "number") return Object.is(value, -0) ? "-0.0" : String(value);
  if (typeof value === "bigint") return String(value);
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  if (typeof value.toJSON === "function") return toJson(value.toJSON());
  if (ArrayBuffer.isView(value)) return toJson(Array.from(value));
  if (Array.isArray(value)) return `[${value.map(toJson).join(", ")}]`;
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return `{${entries.map(([key, inner]) => `${JSON.stringify(key)}: ${toJson(inner)}`).join(", ")}}`;
}

/** Replace the file as a whole, so that a killed program never leaves half of it. */
function write(path, text) {
  const temporary = join(dirname(path), `.results_${process.pid}.tmp`);
  try {
    writeFileSync(temporary, text);
    renameSync(temporary, path);
  } catch {
    // A directory that is not ours, or a file mounted alone into a container.
    writeFileSync(path, text);
    try {
      rmSync(temporary, { force: true });
    } catch {
      // The results are written; what is left beside them harms nobody.
    }
  }
}
