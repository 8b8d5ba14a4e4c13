import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { LeaseKey } from "../../src/storage/storage.js";
import { startPacemaker } from "../../src/worker/pacemaker.js";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const lease = (number: number): LeaseKey => ({ experimentId: 1, number, epoch: 1 });

function start({ lost = [] as LeaseKey[], renew = async () => {} } = {}) {
  const beats: number[][] = [];
  const troubles: unknown[] = [];
  const onRecovered = vi.fn();
  let time = 0;
  const pacemaker = startPacemaker({
    storage: {
      renewLeases: async (_worker, leases) => {
        beats.push(leases.map(({ number }) => number));
        await renew();
        return leases.filter((held) => lost.includes(held));
      },
    },
    worker: "me",
    leaseMs: 3000,
    onTrouble: (error) => troubles.push(error),
    onRecovered,
    now: () => time,
  });
  const sleep = (ms: number) => {
    time += ms;
  };
  return { pacemaker, beats, troubles, onRecovered, sleep };
}

describe("the pacemaker", () => {
  it("renews all leases together, three times in the life of one", async () => {
    const { pacemaker, beats } = start();
    pacemaker.hold(lease(1), () => {});
    const second = pacemaker.hold(lease(2), () => {});
    await vi.advanceTimersByTimeAsync(2000);
    second.letGo();
    await vi.advanceTimersByTimeAsync(1000);
    expect(beats).toEqual([[1, 2], [1, 2], [1]]);
    pacemaker.stop();
    await vi.advanceTimersByTimeAsync(9000);
    expect(beats).toHaveLength(3);
  });

  it("asks for nothing while it holds nothing", async () => {
    const { beats } = start();
    await vi.advanceTimersByTimeAsync(9000);
    expect(beats).toEqual([]);
  });

  it("says once that a lease is lost, and renews it no more", async () => {
    const gone = lease(1);
    const { pacemaker, beats } = start({ lost: [gone] });
    const onLost = vi.fn();
    pacemaker.hold(gone, onLost);
    pacemaker.hold(lease(2), () => {});
    await vi.advanceTimersByTimeAsync(2000);
    expect(onLost).toHaveBeenCalledTimes(1);
    expect(beats).toEqual([[1, 2], [2]]);
  });

  it("goes on after a renewal that failed, and tells of both once", async () => {
    let isAway = true;
    const renew = async () => {
      if (isAway) throw new Error("away");
    };
    const { pacemaker, beats, troubles, onRecovered } = start({ renew });
    pacemaker.hold(lease(1), () => {});
    await vi.advanceTimersByTimeAsync(1000);
    expect(onRecovered).not.toHaveBeenCalled();
    isAway = false;
    await vi.advanceTimersByTimeAsync(2000);
    expect(troubles).toHaveLength(1);
    expect(onRecovered).toHaveBeenCalledTimes(1);
    expect(beats).toHaveLength(3);
  });

  it("catches up after the machine slept, and only then", async () => {
    const { pacemaker, beats, sleep } = start();
    pacemaker.hold(lease(1), () => {});
    sleep(1000);
    await pacemaker.catchUp();
    expect(beats).toEqual([]);
    sleep(3_600_000);
    await pacemaker.catchUp();
    expect(beats).toEqual([[1]]);
    await pacemaker.catchUp();
    expect(beats).toEqual([[1]]);
  });
});
