/** One result of a program. */
export interface ReportedResult {
  readonly name: string;
  /** One objective is needed. */
  readonly type: "objective" | "constraint" | "gradient" | "statistic";
  /** Of an objective a number; else any JSON value. NaN and infinities may be in it. */
  readonly value: unknown;
}

/** Report the number to minimise, named "objective" if it has no other name. */
export function reportObjective(value: number | bigint, name?: string): void;

/**
 * Report a trial that is valid but terrible.
 *
 * @param objective - 1e10 if absent.
 * @param data - Further results.
 */
export function reportBadTrial(objective?: number | bigint, name?: string, data?: readonly ReportedResult[]): void;

/**
 * Report a list of results.
 *
 * @throws {Error} the second time: a program reports once.
 */
export function reportResults(data: readonly ReportedResult[]): void;

/**
 * Report the objective so far, while the program runs.
 *
 * @param step - Grows: epochs, batches, seconds.
 */
export function reportIntermediate(step: number, value: number): void;

/** True when `orion` asks the program to end early: report its results and end. (It gets a TERM as well.) */
export function shouldStop(): boolean;

/** End the program so that `orion` stops here and starts this trial again at the next hunt. */
export function interruptTrial(): never;
