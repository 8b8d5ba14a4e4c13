import { describe, expect, it, test } from "vitest";
import { readParallelStrategy } from "../../src/algorithms/parallel-strategy.js";
import { UsageError } from "../../src/errors.js";

const completed = { max: 4, mean: 2.5 };
const none = { max: undefined, mean: undefined };

test.each([
  ["NoParallelStrategy", undefined, undefined],
  ["noparallelstrategy", undefined, undefined],
  ["MaxParallelStrategy", 4, Infinity],
  [{ MaxParallelStrategy: { default_result: 7 } }, 4, 7],
  [{ of_type: "MeanParallelStrategy", default_result: 7 }, 2.5, 7],
  [{ MeanParallelStrategy: null }, 2.5, Infinity],
  [{ MaxParallelStrategy: { default_result: Infinity } }, 4, Infinity],
  [{ MaxParallelStrategy: { default_result: null } }, 4, Infinity],
  ["StubParallelStrategy", undefined, undefined],
  [{ of_type: "stubparallelstrategy", stub_value: -3 }, -3, -3],
])("%j lies so when there are completed trials, and so when there are none", (configuration, some, empty) => {
  const strategy = readParallelStrategy(configuration, "here");
  expect([strategy("broken", completed), strategy("reserved", none)]).toEqual([some, empty]);
});

describe("a strategy by status", () => {
  const strategy = readParallelStrategy(
    {
      of_type: "StatusBasedParallelStrategy",
      strategy_configs: { broken: "MaxParallelStrategy", reserved: { of_type: "StubParallelStrategy", stub_value: 9 } },
      default_strategy: { MeanParallelStrategy: {} },
    },
    "here",
  );

  it("asks the strategy of each status, and the default for the others", () => {
    expect((["broken", "reserved", "new"] as const).map((status) => strategy(status, completed))).toEqual([4, 9, 2.5]);
  });

  it("leaves out the statuses that it does not name", () => {
    const plain = readParallelStrategy({ StatusBasedParallelStrategy: { strategy_configs: {} } }, "here");
    expect(plain("broken", completed)).toBeUndefined();
  });
});

test.each([
  ["MaxParalelStrategy", 'there is no parallel strategy "MaxParalelStrategy"; is it "MaxParallelStrategy"'],
  [7, "here is 7"],
  [{ MaxParallelStrategy: {}, MeanParallelStrategy: {} }, "here is {"],
  [{ of_type: "MaxParallelStrategy", stub_value: 1 }, 'MaxParallelStrategy has no option "stub_value"'],
  [{ of_type: "MaxParallelStrategy", default_result: "big" }, 'default_result is "big"'],
  [{ of_type: "StubParallelStrategy", stub_value: Infinity }, "stub_value is Infinity"],
  [{ of_type: "StatusBasedParallelStrategy", strategy_configs: { lost: "NoParallelStrategy" } }, 'the status "lost"'],
  [{ of_type: "StatusBasedParallelStrategy", strategy_configs: { completed: "NoParallelStrategy" } }, '"completed"'],
  [{ of_type: "StatusBasedParallelStrategy", strategy_configs: [] }, "strategy_configs is []"],
  [{ of_type: "StatusBasedParallelStrategy", default_strategy: "None" }, "default_strategy: there is no parallel"],
])("%j is refused with what is wrong", (configuration, message) => {
  const read = () => readParallelStrategy(configuration, "here");
  expect(read).toThrow(UsageError);
  expect(read).toThrow(message);
});
