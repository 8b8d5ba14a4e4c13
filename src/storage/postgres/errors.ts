import { ExperimentGoneError, OrionError, StorageError } from "../../errors.js";
import { refusals } from "./history-functions.js";

/** What we read of an error of the driver: a SQLSTATE, a code of the operating system, or nothing. */
interface DriverError extends Error {
  readonly code?: string;
  readonly detail?: string;
}

export const codeOf = (error: unknown): string => (error as DriverError | undefined)?.code ?? "";
export const detailOf = (error: unknown): string => (error as DriverError | undefined)?.detail ?? "";

/**
 * Why a call may be made again: it collided with another one (`collision`), the server has no place for us right now
 * (`full`), or the connection broke or could not be made (`lost`). After the last one nobody knows whether the call was
 * carried out, which is why every call here may be repeated.
 */
export type Trouble = "collision" | "full" | "lost";

const collisions = ["40001", "40P01", "55P03"]; // serialization failure, deadlock, lock not available
const cut = ["57014"]; // cancelled, perhaps between the commit of a step and its answer
const full = ["53300", "57P03"]; // too many connections, the database system is starting up

export function troubleOf(error: unknown): Trouble | undefined {
  if (error instanceof OrionError || error instanceof TypeError || error instanceof RangeError) return undefined;
  const code = codeOf(error);
  if (collisions.includes(code)) return "collision";
  if (full.includes(code)) return "full";
  if (cut.includes(code)) return "lost";
  if (isSqlState(code)) return /^(08|57P0)/.test(code) && !isFinal(error) ? "lost" : undefined;
  return isFinal(error) ? undefined : "lost";
}

/** SQLSTATEs have five characters; what the operating system says is longer (EPIPE has five too, but no digit). */
const isSqlState = (code: string): boolean => /^[0-9A-Z]{5}$/.test(code) && /\d/.test(code);

interface Explanation {
  readonly what: string;
  readonly mend: string;
  readonly retryable?: true;
}

const explanations: Readonly<Record<string, Explanation>> = {
  "28P01": {
    what: "refuses the user or the password",
    mend: "Check the user in the URL, and the password in PGPASSWORD or ~/.pgpass (which nobody else may read: chmod 600).",
  },
  "28000": {
    what: "does not let this user in from here",
    mend: "Check the user in the URL (or PGUSER), whether TLS is needed (sslmode=require), and pg_hba.conf on the server.",
  },
  "3D000": { what: "does not exist", mend: "Make it with `createdb NAME`, or name another one in the URL." },
  "42501": {
    what: "does not allow this user what orion needs",
    mend: "For the first start: GRANT CREATE ON DATABASE … TO …; for others see the permissions in docs/postgresql.md.",
  },
  "3F000": { what: "has lost its schema orion", mend: "Restore it from a copy, or start again: it is made anew." },
  "42P01": { what: "has lost a table of orion", mend: "Restore the schema orion from a copy, or drop all of it." },
  "42883": { what: "has lost a function of orion", mend: "Restore the schema orion from a copy, or drop all of it." },
  "53100": {
    what: "cannot grow: the disk is full",
    mend: "Free some space; workers that wait go on by themselves.",
    retryable: true,
  },
  "53200": {
    what: "is out of memory",
    mend: "Look at the server; workers that wait go on by themselves.",
    retryable: true,
  },
  "53300": {
    what: "has no connection left",
    mend: "Raise max_connections, or put pgbouncer before it as docs/postgresql.md says.",
    retryable: true,
  },
  "57P03": {
    what: "is starting up or shutting down",
    mend: "Try again in a moment; workers that wait go on by themselves.",
    retryable: true,
  },
  "25006": {
    what: "can only be read: it is a standby",
    mend: "Name the primary server in the URL; after a failover workers that wait go on by themselves.",
    retryable: true,
  },
  ECONNREFUSED: {
    what: "cannot be reached: nothing listens there",
    mend: "Check host and port in the URL, and whether the server runs and listens on that address.",
    retryable: true,
  },
  ENOENT: {
    what: "cannot be reached: there is no such socket",
    mend: "Check the directory in host=… of the URL, and whether the server runs.",
    retryable: true,
  },
  ENOTFOUND: {
    what: "cannot be reached: no such host is known",
    mend: "Check the host in the URL.",
    retryable: true,
  },
};

/** Errors of the driver that have no code; each is recognised by what the driver says. */
const unnamed: readonly (Explanation & { readonly says: RegExp })[] = [
  {
    says: /password must be a (non-empty )?string/,
    what: "asks for a password, and none was given",
    mend: "Set PGPASSWORD, or write a line HOST:PORT:DATABASE:USER:PASSWORD into ~/.pgpass (chmod 600).",
  },
  {
    says: /does not support SSL/,
    what: "has no TLS",
    mend: "Switch it on at the server (ssl = on), or say sslmode=disable where the network is yours.",
  },
  {
    says: /no such database/, // what pgbouncer says
    what: "is not known to the pooler",
    mend: "Add it to [databases] of pgbouncer.ini, or name another one in the URL.",
  },
];

/** Codes of Node when a certificate does not hold. */
const certificate = /^(CERT_|ERR_TLS|ERR_SSL|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_)/;

/** Known, and nothing that mends itself. */
function isFinal(error: unknown): boolean {
  const known = explain(error);
  return known !== undefined && known.retryable === undefined;
}

function explain(error: unknown): Explanation | undefined {
  const code = codeOf(error);
  const { message } = error as Error;
  if (Object.hasOwn(explanations, code)) return explanations[code];
  if (collisions.includes(code)) {
    return {
      what: `was held up by another transaction (${message})`,
      mend: "Do it again; workers that wait go on by themselves.",
      retryable: true,
    };
  }
  if (cut.includes(code)) {
    return {
      what: `cancelled the call (${message})`,
      mend: "Look at statement_timeout of the server; workers that wait go on by themselves.",
      retryable: true,
    };
  }
  if (certificate.test(code)) {
    return {
      what: `has a certificate that cannot be trusted (${message})`,
      mend: "Name the authority's certificate with sslrootcert=FILE, and the host as it stands in the certificate.",
    };
  }
  return unnamed.find(({ says }) => says.test(message));
}

/** Turn a driver's error into ours; anything that is not the database's is let through. */
export function translate(error: unknown, url: string): unknown {
  if (error instanceof OrionError || error instanceof TypeError || error instanceof RangeError) return error;
  if (codeOf(error) === refusals.conflict) return error; // the operation knows what to say
  if (codeOf(error) === refusals.gone) return new ExperimentGoneError("The experiment", url, { cause: error });
  const known = explain(error);
  if (known !== undefined) {
    return new StorageError(`The database ${url} ${known.what}.`, known.mend, {
      cause: error,
      retryable: known.retryable ?? false,
    });
  }
  const { message } = error as Error;
  if (troubleOf(error) === undefined) {
    return new StorageError(`The database ${url} failed: ${message}.`, undefined, { cause: error });
  }
  return new StorageError(
    `The connection to the database ${url} was lost: ${message}.`,
    "Look whether the server runs and can be reached; workers that wait go on by themselves.",
    { cause: error, retryable: true },
  );
}
