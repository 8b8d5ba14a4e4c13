import pg from "pg";
import type { PostgresServer } from "./postgres-server.js";

/** A server that somebody else runs, with databases of our own on it. */
export type GivenServer = Pick<PostgresServer, "createDatabase" | "query"> & AsyncDisposable;

/** Variable that holds the address of a server on which the contract suite and a storm are to run as well. */
export const givenAddress: string | undefined = process.env.ORION_TEST_POSTGRES;

/**
 * Makes databases on it, and drops them when it is disposed of; what is there already is not touched.
 *
 * @param address - Of any database of the server, with a role that may create some.
 */
export function openGivenServer(address: string): GivenServer {
  const made: string[] = [];
  const at = (database: string) => {
    const url = new URL(address);
    url.pathname = `/${database}`;
    return url.href;
  };
  const query: GivenServer["query"] = async <Row extends pg.QueryResultRow>(url: string, text: string) => {
    const client = new pg.Client(url);
    await client.connect();
    try {
      return (await client.query<Row>(text)).rows;
    } finally {
      await client.end();
    }
  };
  return {
    query,
    async createDatabase() {
      const name = `orion_test_${process.pid}_${made.length + 1}`;
      await query(address, `create database ${name}`);
      made.push(name);
      return at(name);
    },
    async [Symbol.asyncDispose]() {
      for (const name of made) await query(address, `drop database if exists ${name} with (force)`);
    },
  };
}
