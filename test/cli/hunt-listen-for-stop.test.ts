import { describe, expect, it, vi } from "vitest";
import { listenForStop } from "../../src/cli/hunt/listen-for-stop.js";

function listen() {
  let handler: (signal: NodeJS.Signals) => void = () => {};
  let time = 0;
  let killed = 0;
  const said: string[] = [];
  const stop = listenForStop({
    terminal: {
      onStopSignal: (given) => {
        handler = given;
        return () => {
          handler = () => {};
        };
      },
      exit: (() => {}) as unknown as (code: number) => never,
    },
    say: (text) => said.push(text),
    graceMs: 2500,
    killAll: async () => {
      killed++;
    },
    now: () => time,
  });
  const send = (signal: NodeJS.Signals, afterMs: number) => {
    time += afterMs;
    handler(signal);
  };
  return { stop, said, send, killed: () => killed };
}

describe("listenForStop", () => {
  it("stops in order at the first signal, and says how long that takes", () => {
    const { stop, said, send, killed } = listen();
    expect(stop.signal.aborted).toBe(false);
    send("SIGINT", 0);
    expect(stop.signal.aborted).toBe(true);
    expect(said).toEqual([expect.stringContaining("KILL after 2.5 s")]);
    expect(killed()).toBe(0);
  });

  it("kills at a second Ctrl-C and says so, but not when one Ctrl-C comes twice", async () => {
    const { said, send, killed } = listen();
    send("SIGINT", 0);
    send("SIGINT", 5);
    expect(killed()).toBe(0);
    send("SIGINT", 1000);
    expect(killed()).toBe(1);
    await vi.waitFor(() => expect(said.at(-1)).toMatch(/^Ended at once/));
  });

  it("takes the signals of a terminal that closes, and the loss of its output, for one and no hurry", () => {
    const { said, send, killed } = listen();
    for (const signal of ["SIGHUP", "SIGPIPE", "SIGHUP"] as const) send(signal, 1000);
    expect(killed()).toBe(0);
    expect(said).toHaveLength(1);
  });

  it("says when the loss of standard output is the reason", () => {
    const { said, send } = listen();
    send("SIGPIPE", 0);
    expect(said[0]).toMatch(/^Standard output cannot be written/);
  });
});
