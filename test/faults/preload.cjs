// Loaded before the command line with `node --require`: makes its database fail in ways that cannot be asked for from
// outside. The program itself knows nothing of it.
//
// FAULT_AT_STATEMENT=n   the process is killed (SIGKILL) in the place of its n-th statement
// FAULT_ERROR_FILE=path  while the file is there, each transaction of SQLite fails with the error code that it holds
const { existsSync, readFileSync } = require("node:fs");
const Module = require("node:module");

const driver = "@photostructure/sqlite";
const deadly = Number(process.env.FAULT_AT_STATEMENT ?? Number.POSITIVE_INFINITY);
const errorFile = process.env.FAULT_ERROR_FILE;
let statements = 0;

function step(text) {
  if (++statements >= deadly) process.kill(process.pid, "SIGKILL");
  const errcode = /^begin/.test(text) ? injectedCode() : 0;
  if (errcode > 0) throw Object.assign(new Error(`injected error ${errcode}`), { errcode });
}

function injectedCode() {
  if (errorFile === undefined || !existsSync(errorFile)) return 0;
  try {
    return Number(readFileSync(errorFile, "utf8"));
  } catch {
    return 0; // the fault was over in between
  }
}

function faulty({ DatabaseSync, ...rest }) {
  const Faulty = class extends DatabaseSync {
    exec(text) {
      step(text);
      return super.exec(text);
    }
    prepare(text) {
      const statement = super.prepare(text);
      const before =
        (method) =>
        (...values) => {
          step(text);
          return statement[method](...values);
        };
      return { run: before("run"), get: before("get"), all: before("all") };
    }
  };
  return { ...rest, DatabaseSync: Faulty };
}

/** The client of PostgreSQL's driver, as its package loads it. */
function isClient(request, parent) {
  return request === "./client" && /[\\/]pg[\\/]lib[\\/]index\.js$/.test(parent?.filename ?? "");
}

function deadlyClient(Client) {
  return class extends Client {
    query(text, ...values) {
      step(String(text?.text ?? text));
      return super.query(text, ...values);
    }
  };
}

const load = Module._load;
Module._load = function (request, parent, ...others) {
  const loaded = load.call(this, request, parent, ...others);
  if (request === driver) return faulty(loaded);
  return isClient(request, parent) ? deadlyClient(loaded) : loaded;
};
