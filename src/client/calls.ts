import { type Mode, requireMode } from "./access.js";

interface CallsOptions {
  readonly mode: Mode;
  /** Aborted when the client closes. */
  readonly closing: AbortSignal;
  /** What the caller is told in place of an error. */
  readonly explain: (error: unknown) => unknown;
}

/** What may be called on a client, and what is under way. */
export interface Calls {
  /**
   * @throws {AccessError} when the mode is not enough for the method of that name.
   * @throws {TypeError} after the client was closed.
   */
  require(name: string, needed: Mode): void;
  /** A method that is refused like that. */
  method<Words extends readonly never[], Answer>(
    name: string,
    needed: Mode,
    call: (...words: Words) => Promise<Answer>,
  ): (...words: Words) => Promise<Answer>;
  /** What goes on behind a call that has ended already. */
  linger(work: Promise<unknown>): void;
  /** Resolves when all that were made have ended; never rejects. They need the storage, which is closed behind them. */
  ended(): Promise<void>;
}

export function guardCalls({ mode, closing, explain }: CallsOptions): Calls {
  const running = new Set<Promise<unknown>>();
  const follow = <T>(work: Promise<T>): Promise<T> => {
    running.add(work);
    return work.finally(() => running.delete(work));
  };
  const requireUse = (name: string, needed: Mode): void => {
    if (closing.aborted) throw new TypeError(`${name}() was called after the client was closed.`);
    requireMode(name, { mode, needed });
  };
  return {
    require: requireUse,
    method:
      (name, needed, call) =>
      async (...words) => {
        requireUse(name, needed);
        return follow(
          call(...words).catch((error: unknown) => {
            throw explain(error);
          }),
        );
      },
    linger: (work) => void follow(work).catch(() => {}),
    ended: async () => {
      while (running.size > 0) await Promise.allSettled(running);
    },
  };
}
