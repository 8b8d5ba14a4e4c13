import { nearestName } from "./nearest-name.js";

/** How to mend something that a program says in other words than a command. */
export interface Remedies {
  readonly program: string;
  readonly command: string;
}

/**
 * Every error that `orion` raises on purpose: what happened and where (`message`), and how to mend it (`remedy`).
 *
 * Nobody matches on message text: `code` is stable, and one table in `cli/` maps codes to exit codes.
 */
export class OrionError extends Error {
  /** Stable, for programs. */
  readonly code: string = "ORION_ERROR";
  /** One sentence that says how to mend it, or `undefined` where nothing sensible can be said. */
  readonly remedy: string | undefined;
  readonly #commandRemedy: string | undefined;

  constructor(message: string, remedy?: string | Remedies, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.remedy = typeof remedy === "object" ? remedy.program : remedy;
    this.#commandRemedy = typeof remedy === "object" ? remedy.command : remedy;
  }

  /** The remedy for somebody at the command line. */
  get commandRemedy(): string | undefined {
    return this.#commandRemedy;
  }
}

/** The caller asked for something that cannot be: a wrong option, value, path or key. */
export class UsageError extends OrionError {
  override readonly code: string = "USAGE";
}

/** Wrong words on orion's own command line, as opposed to a wrong prior or file that they lead to. */
export class CommandLineError extends UsageError {
  override readonly code = "COMMAND_LINE";
}

/** A name that is not registered. The message quotes it; the remedy names the nearest one and lists all. */
export class UnknownNameError extends UsageError {
  override readonly code = "UNKNOWN_NAME";

  /** @param hint - What else may be done, a sentence. */
  constructor(kind: string, name: string, known: readonly string[], hint = "") {
    const nearest = nearestName(name, known);
    const meant = nearest === undefined ? "" : `Did you mean "${nearest}"? `;
    super(
      `There is no ${kind} "${name}".`,
      `${meant}Known names: ${[...known].sort().join(", ")}.${hint && ` ${hint}`}`,
    );
  }
}

/** A search-space expression that cannot be read. `position` is an offset in UTF-16 units into `text`. */
export class SpaceSyntaxError extends UsageError {
  override readonly code = "SPACE_SYNTAX";
  readonly text: string;
  readonly position: number;

  constructor(message: string, text: string, position: number, remedy?: string) {
    super(message, remedy);
    this.text = text;
    this.position = position;
  }
}

/** A configuration that is missing or not enough: no name, no prior, an experiment that was never defined. */
export class ConfigurationError extends OrionError {
  override readonly code = "CONFIGURATION";
}

/** Something that was named does not exist. */
export class NotFoundError extends OrionError {
  override readonly code = "NOT_FOUND";
}

/** An experiment that was stored is not any more. */
export class ExperimentGoneError extends NotFoundError {
  /** @param experiment - What is known of it, at the beginning of a sentence. */
  constructor(experiment: string, url: string, options?: ErrorOptions) {
    super(
      `${experiment} is not in ${url} any more.`,
      "Somebody removed it; `orion list` shows what there is.",
      options,
    );
  }
}

/** Someone else was first, or what is stored differs from what was asked: re-read and decide. */
export class ConflictError extends OrionError {
  override readonly code: string = "CONFLICT";
}

/** The database cannot be used. `retryable` says whether the same call may succeed later without anyone's help. */
export class StorageError extends OrionError {
  override readonly code: string = "STORAGE";
  readonly retryable: boolean;

  constructor(message: string, remedy?: string | Remedies, options?: ErrorOptions & { retryable?: boolean }) {
    super(message, remedy, options);
    this.retryable = options?.retryable ?? false;
  }
}

/** The user's program failed in a way that ends the hunt; its trial is `broken`. */
export class EvaluationError extends OrionError {
  override readonly code: string = "EVALUATION";
}

/** Too many trials failed: the experiment, or this worker, gave up. */
export class BrokenExperimentError extends OrionError {
  override readonly code = "BROKEN";
}

/** A worker found nothing to do for longer than its idle timeout, though nobody else is at work either. */
export class IdleError extends OrionError {
  override readonly code = "IDLE";
}

/** A computation has no result in floating-point numbers. Whoever asked for it goes on with less. */
export class NumericalError extends OrionError {
  override readonly code = "NUMERICAL";
}

/** Nothing can be suggested before more results are known, or the rest of the budget is in other hands: try later. */
export class WaitingForTrialsError extends OrionError {
  override readonly code = "WAITING_FOR_TRIALS";
}

/** The experiment has all its trials: nothing is left to suggest. */
export class CompletedExperimentError extends OrionError {
  override readonly code = "COMPLETED";
}

/** The mode in which a client was opened does not allow what it was asked to do. */
export class AccessError extends UsageError {
  override readonly code = "ACCESS";
}

/** What was reported is no result: no objective, or one that is not a number. The trial stays reserved. */
export class InvalidResultError extends UsageError {
  override readonly code = "INVALID_RESULT";
}

/** The trial is not reserved by this client: it never was, or somebody else was first. */
export class NotReservedError extends ConflictError {
  override readonly code = "NOT_RESERVED";
}

/** The trial was in this client's hands, and has been observed or released since. */
export class AlreadyReleasedError extends ConflictError {
  override readonly code = "ALREADY_RELEASED";
}
