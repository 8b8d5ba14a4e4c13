import { afterAll, beforeAll, describe, it } from "vitest";
import { workerFaults } from "../faults/faults.js";
import { shortStorm } from "../faults/short-storm.js";
import { type GivenServer, givenAddress, openGivenServer } from "./given-server.js";
import { postgresContract } from "./postgres-contract.js";

describe.skipIf(givenAddress === undefined)("the server of ORION_TEST_POSTGRES", () => {
  let server: GivenServer;
  beforeAll(() => {
    server = openGivenServer(givenAddress!);
  });
  afterAll(() => server?.[Symbol.asyncDispose]());

  postgresContract("a given PostgreSQL", () => server);

  it("a storm over its workers loses no evaluation and keeps the budget", async () => {
    await shortStorm(await server.createDatabase(), workerFaults);
  }, 180_000);
});
