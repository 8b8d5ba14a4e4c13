import { BroadcastChannel, parentPort, workerData } from "node:worker_threads";
import { openStopWord } from "../call-context.js";
import { callHere } from "../call-here.js";
import { decodeCall, encodeOutcome } from "../call-text.js";
import type { ThreadAnswer, ThreadWord } from "./messages.js";
import { type RemoteReports, sendReports } from "./remote-reports.js";

/** What a thread of the pool gets. */
export interface ThreadTask {
  readonly number: number;
  readonly call: string;
  /** Where `stops` is not 0 once the call is to stop: for a word that came before this thread could hear it. */
  readonly place: number;
}

/** What all threads of a pool get. */
export interface ThreadPool {
  /** Name of the channel of the words. */
  readonly channel: string;
  /** In shared memory. */
  readonly stops: Int32Array;
}

interface Running {
  readonly stop: ReturnType<typeof openStopWord>;
  readonly answered: RemoteReports["answered"];
}

/** More than one where a function left by its pool goes on. */
const running = new Map<number, Running>();
// All threads hear all words, which are few: a port for each call would cost more than most of them.
const { channel, stops } = workerData as ThreadPool;
const words = new BroadcastChannel(channel);
words.onmessage = ({ data }) => {
  const word = data as ThreadWord;
  const call = running.get(word.number);
  if ("judged" in word) call?.answered();
  else call?.stop.say(word.early);
};

/** Runs in each thread of the pool: one call, its outcome as text. */
export default async function runCall({ number, call, place }: ThreadTask): Promise<string> {
  const stop = openStopWord();
  const tell = (answer: ThreadAnswer) => parentPort!.postMessage(answer);
  const { onReport, answered } = sendReports((report) => tell({ number, ...report }));
  running.set(number, { stop, answered });
  if (Atomics.load(stops, place) !== 0) stop.say(undefined);
  try {
    return encodeOutcome(await callHere(decodeCall(call), { stop, onReport }));
  } finally {
    running.delete(number);
  }
}
