import { inspect } from "node:util";
import { InvalidResultError, NotFoundError, NotReservedError, UsageError } from "../errors.js";
import type { Experiment } from "../experiment/experiment.js";
import type { Params as AnyParams, Space } from "../space/dimension.js";
import { checkParams } from "../space/values.js";
import type { Claim, ExperimentRecord, Storage } from "../storage/storage.js";
import { predecessors, type Trial, type WorkerId } from "../trial/trial.js";
import { trialId } from "../trial/trial-id.js";
import { lookForGone } from "../worker/gone-workers.js";
import { type Reported, readReturned } from "../worker/read-returned.js";
import type { TrialRoot } from "../worker/trial-directory/trial-root.js";
import { isGone } from "../worker/worker-id.js";
import { type ClientTrial, idOf, type SuggestedTrial, type TrialRef, viewTrial } from "./client-trial.js";
import type { Hands } from "./hands.js";
import { booleanOption, type NamesOf, requireOptions, signalOption } from "./require-options.js";
import { brokenError, completedError, type SuggestOptions, seekTrial } from "./suggest.js";

interface ReservationOptions<Params> {
  readonly storage: Storage;
  readonly record: ExperimentRecord;
  readonly space: Space;
  readonly root: TrialRoot;
  readonly worker: WorkerId;
  readonly heartbeatMs: number;
  readonly idleTimeoutMs: number;
  readonly hands: Hands<Params>;
  /** Aborted when the client closes. */
  readonly closing: AbortSignal;
  /** Follows what goes on behind a call that has ended already. */
  readonly linger: (work: Promise<unknown>) => void;
}

/** How trials come into a client's hands. */
export interface Reservations<Params> {
  suggest(experiment: Experiment, options?: SuggestOptions): Promise<SuggestedTrial<Params>>;
  reserve(trial: TrialRef): Promise<SuggestedTrial<Params>>;
  insert(
    params: Partial<Params>,
    options?: { readonly results?: Reported; readonly reserve?: boolean },
  ): Promise<ClientTrial<Params>>;
  /** True once the algorithm said that it has nothing left. */
  readonly isExhausted: boolean;
}

export function reservationsOf<Params>(options: ReservationOptions<Params>): Reservations<Params> {
  const { storage, record, space, root, worker, hands, closing } = options;
  const goneWorkers = lookForGone({
    owners: async () => (await storage.listOwners(record.id)).filter((owner) => owner !== worker),
    isGone,
  });
  let isExhausted = false;

  const claim = async (): Promise<Claim> => {
    await hands.catchUp();
    return { worker, leaseMs: options.heartbeatMs, goneWorkers: await goneWorkers() };
  };

  const giveBack = (trial: Trial): Promise<void> => hands.release(hands.take(trial), "interrupted");

  const take = async (trial: Trial): Promise<SuggestedTrial<Params>> => {
    if (!closing.aborted) return hands.take(trial);
    await giveBack(trial);
    throw closing.reason;
  };

  const reserveWaiting = async (trial: TrialRef): Promise<SuggestedTrial<Params>> => {
    const reservation = await storage.reserveTrial(record.id, {
      ...(await claim()),
      waitingOnly: true,
      only: idOf(trial),
    });
    if (reservation.kind === "trial") return take(reservation.trial);
    if (reservation.kind === "done") throw completedError(record.name);
    if (reservation.kind === "broken") throw brokenError(record.name);
    throw await whyNotWaiting(storage, { record, id: idOf(trial) });
  };

  /** What is being reserved, for who asks for the same trial meanwhile. */
  const underWay = new Map<string, Promise<SuggestedTrial<Params>>>();
  const reserve = async (trial: TrialRef): Promise<SuggestedTrial<Params>> => {
    const held = hands.find(trial);
    if (held !== undefined) return held;
    const id = idOf(trial);
    const begun = underWay.get(id) ?? reserveWaiting(trial).finally(() => underWay.delete(id));
    underWay.set(id, begun);
    return begun;
  };

  return {
    get isExhausted() {
      return isExhausted;
    },

    suggest: async (experiment, asked = {}) => {
      requireOptions("suggest", asked, suggestOptions);
      const { timeout, signal } = asked;
      requireTimeout(timeout);
      const stop = signal === undefined ? closing : AbortSignal.any([signal, closing]);
      const seeking = seekTrial({
        experiment,
        claim,
        keep: hands.keep,
        timeoutMs: timeout === undefined ? options.idleTimeoutMs : 1000 * timeout,
        signal: stop,
        heldCount: () => hands.count,
        onExhausted: () => {
          isExhausted = true;
        },
      });
      const trial = await unlessAborted(seeking, stop).catch((error: unknown) => {
        options.linger(seeking.then(giveBack)); // an algorithm may think for long
        throw error;
      });
      isExhausted = false;
      return take(trial);
    },

    reserve,

    insert: async (given, asked = {}) => {
      requireOptions("insert", asked, insertOptions);
      const { results, reserve: isReserved = false } = asked;
      if (isReserved && results !== undefined) {
        throw new UsageError("A trial with results cannot be reserved.", "Insert it with `results` or with `reserve`.");
      }
      const checked = results === undefined ? undefined : readReturned(results);
      if (typeof checked === "string") {
        throw new InvalidResultError(`The trial was not inserted: what was reported is ${checked}`);
      }
      const params = checkParams(space, requireParams(given));
      const id = trialId(space, params);
      if (isReserved) await hands.catchUp();
      const [trial] = await storage.insertTrials(record.id, [
        {
          id,
          params,
          workingDir: record.workingDir,
          ...(checked === undefined ? {} : { results: checked }),
          ...(isReserved ? { lease: { worker, leaseMs: options.heartbeatMs } } : {}),
        },
      ]);
      return isReserved ? take(trial!) : viewTrial<Params>(trial!, root);
    },
  };
}

/** Rejects with the reason as soon as the signal is aborted, whatever the work does then. */
function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
    if (signal.aborted) stop();
    work.finally(() => signal.removeEventListener("abort", stop)).then(resolve, reject);
  });
}

const suggestOptions: NamesOf<SuggestOptions> = { timeout: true, signal: signalOption };
const insertOptions = { results: true, reserve: booleanOption } as const;

/** @throws {UsageError} for what is no number of seconds: one that is NaN would never be over. */
function requireTimeout(timeout: unknown): void {
  if (timeout === undefined || (typeof timeout === "number" && timeout >= 0)) return;
  throw new UsageError(`The timeout of suggest() is ${inspect(timeout)}.`, "Give seconds, 0 or more.");
}

function requireParams(given: unknown): AnyParams {
  if (typeof given === "object" && given !== null && !Array.isArray(given)) return given as AnyParams;
  throw new UsageError(`The parameters of the trial are ${inspect(given)}.`, "Give a value by each name: { x: 0.5 }.");
}

async function whyNotWaiting(
  storage: Storage,
  { record, id }: { readonly record: ExperimentRecord; readonly id: string },
): Promise<Error> {
  const trial = await storage.getTrial(record.id, id);
  if (trial === undefined) {
    return new NotFoundError(`There is no trial ${id} in experiment "${record.name}".`, "fetchTrials() lists them.");
  }
  if (predecessors("reserved").includes(trial.status)) {
    return new NotReservedError(
      `Trial ${id} cannot be reserved: the rest of the budget is being evaluated.`,
      "Observe what is under way first, or create the experiment again with a larger maxTrials.",
    );
  }
  const owner = trial.owner === undefined ? "" : " by another worker";
  return new NotReservedError(
    `Trial ${id} cannot be reserved: it is ${trial.status}${owner}.`,
    "fetchPendingTrials() lists those that wait.",
  );
}
