import { expect, expectTypeOf, it } from "vitest";
import * as client from "../../clients/orion-client.mjs";
import manifest from "../../package.json" with { type: "json" };

it("declares what the helper for Node exports, no more and no less", () => {
  const declared: Record<keyof typeof client, true> = {
    ...{ reportObjective: true, reportBadTrial: true, reportResults: true },
    ...{ reportIntermediate: true, shouldStop: true, interruptTrial: true },
  };
  expect(Object.keys(client).sort()).toEqual(Object.keys(declared).sort());
  expectTypeOf(client.reportObjective).toBeCallableWith(1n, "loss");
  expectTypeOf(client.shouldStop).returns.toEqualTypeOf<boolean>();
  expectTypeOf(client.interruptTrial).returns.toEqualTypeOf<never>();
  // @ts-expect-error a result without a type counts for nothing
  const report = () => client.reportResults([{ name: "loss", value: 1 }]);
  expect(report).toBeTypeOf("function");
});

it("is found with its types by who imports the package", () => {
  expect(manifest.exports["./client"]).toEqual({
    types: "./clients/orion-client.d.mts",
    default: "./clients/orion-client.mjs",
  });
});
