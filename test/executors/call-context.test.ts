import { expect, it } from "vitest";
import { EarlyStop, openStopWord } from "../../src/executors/call-context.js";

it.each(["before the word", "after the word"])("aborts the signal of whoever looks at it %s, and says why", (when) => {
  const stop = openStopWord();
  if (when === "before the word") expect(stop.signal.aborted).toBe(false);
  stop.say("median");
  stop.say(undefined);
  expect(stop.signal.aborted).toBe(true);
  expect(stop.signal.reason).toEqual(new EarlyStop("median"));
  expect([stop.isSaid, stop.early]).toEqual([true, "median"]);
});

it("gives no reason of its own to whoever is stopped from outside", () => {
  const stop = openStopWord();
  stop.say(undefined);
  expect(stop.signal.reason).toMatchObject({ name: "AbortError" });
});
