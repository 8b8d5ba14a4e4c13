import { expect, it } from "vitest";
import { type Chunk, readInChunks } from "../../src/storage/read-in-chunks.js";
import { inventTrial } from "../../src/testing/invent-trial.js";
import type { Trial } from "../../src/trial/trial.js";

/** A history of trials 1 to 6, read two at a time; `between` is what others do before each chunk but the first. */
function openHistory(between: readonly ((history: History) => void)[] = []) {
  const history: History = {
    revision: 6,
    rewritten: 0,
    trials: Array.from({ length: 6 }, (_, index) => pending(index + 1, index + 1)),
  };
  const asked: number[] = [];
  const read = async (since: number): Promise<Chunk> => {
    if (asked.push(since) > 1) between[asked.length - 2]?.(history);
    const behind = history.trials
      .filter((trial) => trial.changedRevision > since)
      .sort((a, b) => a.changedRevision - b.changedRevision);
    const upTo = behind.length < 2 ? undefined : behind[1]!.changedRevision;
    return {
      revision: history.revision,
      rewrittenRevision: history.rewritten,
      trials: () => behind.filter((trial) => trial.changedRevision <= (upTo ?? Infinity)),
      upTo,
    };
  };
  return { history, read, asked };
}

interface History {
  revision: number;
  rewritten: number;
  trials: Trial[];
}

const pending = (number: number, changedRevision: number) =>
  inventTrial({ number, id: `${number}`, params: {}, status: "reserved", changedRevision });

/** Somebody changes a trial. */
const change = (number: number) => (history: History) => {
  history.revision++;
  history.trials = history.trials.map((trial) => (trial.number === number ? pending(number, history.revision) : trial));
};

const remove = (number: number) => (history: History) => {
  history.rewritten = ++history.revision;
  history.trials = history.trials.filter((trial) => trial.number !== number);
};

const idle = () => {};

it("reads on from where a chunk ended", async () => {
  const { read, asked } = openHistory();
  const { trials, revision, isRewritten } = await readInChunks(0, read);
  expect(trials.map((trial) => trial.number)).toEqual([1, 2, 3, 4, 5, 6]);
  expect({ revision, isRewritten, asked }).toEqual({ revision: 6, isRewritten: false, asked: [0, 2, 4, 6] });
});

it("holds a trial that changes meanwhile once, as it was last: one that was read, and one that was not yet", async () => {
  const { read, history } = openHistory([change(1), change(6), change(1)]);
  const { trials, revision } = await readInChunks(0, read);
  expect(trials.map((trial) => trial.number)).toEqual([2, 3, 4, 5, 6, 1]);
  expect(revision).toBe(9);
  expect(trials.toSorted((a, b) => a.number - b.number)).toEqual(history.trials);
});

it("begins again when a trial is removed meanwhile, and says so to whoever knows older ones", async () => {
  for (const [since, isRewritten] of [
    [0, false],
    [1, true],
  ] as const) {
    const { read, asked } = openHistory([idle, remove(2)]);
    const changes = await readInChunks(since, read);
    expect(changes.trials.map((trial) => trial.number)).toEqual([1, 3, 4, 5, 6]);
    expect(changes).toMatchObject({ revision: 7, isRewritten });
    expect(asked).toContain(0);
  }
});

it("fails with the chunk that cannot be decoded, though the one behind it fails as well", async () => {
  const { read } = openHistory();
  const broken = async (since: number): Promise<Chunk> => {
    if (since > 0) throw new Error("away");
    const undecodable = () => {
      throw new SyntaxError("not JSON");
    };
    return { ...(await read(since)), trials: undecodable };
  };
  await expect(readInChunks(0, broken)).rejects.toThrow("not JSON");
});

it("fails where the history was rewritten and cannot be read anew, and leaves no failure that nobody hears of", async () => {
  const unheard: unknown[] = [];
  const listen = (reason: unknown) => unheard.push(reason);
  process.on("unhandledRejection", listen);
  const { read } = openHistory([idle, remove(2)]);
  const cut = async (since: number): Promise<Chunk> => {
    if (since === 0) throw new Error("away");
    return read(since);
  };
  try {
    await expect(readInChunks(1, cut)).rejects.toThrow("away");
    expect(unheard).toEqual([]);
  } finally {
    process.off("unhandledRejection", listen);
  }
});
