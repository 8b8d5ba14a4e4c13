import { describe, expect, it } from "vitest";
import { loadConfiguration } from "../../src/config/load-configuration.js";
import { CommandLineError, ConfigurationError, UsageError } from "../../src/errors.js";

interface World {
  readonly env?: Record<string, string>;
  /** Text by absolute path. */
  readonly files?: Record<string, string>;
  /** Text of the file given with -c. */
  readonly local?: string | Uint8Array;
}

const userFile = "/home/ada/.config/orion/orion_config.yaml";

function load({ env = {}, files = {}, local }: World) {
  const all: Record<string, string | Uint8Array> = { ...files, ...(local === undefined ? {} : { "my.yaml": local }) };
  return loadConfiguration({
    env,
    homeDirectory: "/home/ada",
    localFile: local === undefined ? undefined : "my.yaml",
    readFile: async (path) => {
      if (all[path] === undefined) throw Object.assign(new Error("absent"), { code: "ENOENT" });
      return Buffer.from(all[path]);
    },
  });
}

describe("the order of the layers", () => {
  const layers = [
    { origin: "global", value: 2 },
    { origin: "environment", value: 3 },
    { origin: "stored", value: 4 },
    { origin: "local", value: 5 },
    { origin: "command-line", value: 6 },
  ] as const;

  const pickFrom = async (origins: readonly string[]) => {
    const has = (origin: string) => origins.includes(origin);
    const configuration = await load({
      files: has("global") ? { [userFile]: "experiment: {max_trials: 2}" } : {},
      env: has("environment") ? { ORION_EXP_MAX_TRIALS: "3" } : {},
      ...(has("local") ? { local: "experiment: {max_trials: 5}" } : {}),
    });
    return configuration.pick("experiment.max_trials", {
      stored: has("stored") ? 4 : undefined,
      commandLine: has("command-line") ? "6" : undefined,
    });
  };

  it("is default, global file, environment, stored experiment, local file, command line, for every subset of them", async () => {
    for (let subset = 0; subset < 2 ** layers.length; subset++) {
      const present = layers.filter((_, bit) => (subset >> bit) % 2 === 1);
      const top = present.at(-1) ?? { origin: "default", value: Number.POSITIVE_INFINITY };
      expect(await pickFrom(present.map(({ origin }) => origin))).toMatchObject(top);
    }
  });

  it("tells the file and line, the variable or the option that a value comes from", async () => {
    const configuration = await load({ env: { ORION_GRACE: "2.5" }, local: "worker:\n  # four\n  n-workers: 4\n" });
    expect(configuration.pick("worker.n_workers")).toEqual({ value: 4, origin: "local", source: "my.yaml, line 3" });
    expect(configuration.pick("worker.grace").source).toBe("ORION_GRACE");
    expect(configuration.pick("worker.n_workers", { commandLine: "9" }).source).toBe("--n-workers");
    expect(configuration.pick("worker.heartbeat").source).toBe("the default");
  });

  it("lets null, an empty section and an empty variable override nothing", async () => {
    const configuration = await load({
      files: { [userFile]: "worker: {n_workers: 7}" },
      env: { ORION_N_WORKERS: "" },
      local: "worker: {n_workers: null}\nexperiment:\n",
    });
    expect(configuration.pick("worker.n_workers", { commandLine: undefined }).value).toBe(7);
  });

  it("merges mappings of one type and replaces those of another", async () => {
    const files = {
      [userFile]: "storage: {type: sqlite, path: a.sqlite}\nworker: {executor_configuration: {a: {b: 1}}}",
    };
    const same = await load({
      files,
      local: "storage: {path: b.sqlite}\nworker: {executor_configuration: {a: {c: 2}}}",
    });
    expect(same.pick("storage").value).toEqual({ type: "sqlite", path: "b.sqlite" });
    expect(same.pick("worker.executor_configuration").value).toEqual({ a: { b: 1, c: 2 } });
    const other = await load({ files, local: "storage: {type: memory}" });
    expect(other.pick("storage").value).toEqual({ type: "memory" });
  });

  it("adds options to the algorithm of the same name and drops those of another", async () => {
    const configuration = await load({ local: "experiment: {algorithm: {TPE: {seed: 7, gamma: null}}}" });
    const tpe = { name: "tpe", options: { seed: 1, n_initial_points: 5 } };
    expect(configuration.pick("experiment.algorithm", { stored: tpe }).value).toEqual({
      name: "TPE",
      options: { seed: 7, n_initial_points: 5 },
    });
    expect(configuration.pick("experiment.algorithm", { commandLine: "random" }).value).toEqual({
      name: "random",
      options: {},
    });
  });
});

describe("the global files", () => {
  it("are read for the machine, then for the user, each from our place or else from Oríon's", async () => {
    const places = [
      "/etc/xdg/orion.core/orion_config.yaml",
      "/etc/xdg/orion/orion_config.yaml",
      "/home/ada/.config/orion.core/orion_config.yaml",
      userFile,
    ];
    for (const [index, place] of places.entries()) {
      const files = Object.fromEntries(
        places.slice(0, index + 1).map((path, count) => [path, `worker: {n_workers: ${count + 1}}`]),
      );
      expect((await load({ files })).pick("worker.n_workers")).toMatchObject({
        value: index + 1,
        source: `${place}, line 1`,
      });
    }
  });

  it("are looked for where the XDG variables point", async () => {
    const files = { "/x/orion/orion_config.yaml": "debug: true", "/y/orion/orion_config.yaml": "debug: false" };
    const configuration = await load({ files, env: { XDG_CONFIG_HOME: "/x", XDG_CONFIG_DIRS: "/y:/z" } });
    expect(configuration.pick("debug").source).toBe("/x/orion/orion_config.yaml, line 1");
  });

  it("may not hold what describes one experiment", async () => {
    await expect(load({ files: { [userFile]: "experiment: {name: a}" } })).rejects.toThrow(ConfigurationError);
    expect((await load({ local: "experiment: {name: a}" })).pick("experiment.name").value).toBe("a");
  });
});

it.each(["1.10", "2.0", "007", "0x10", "0o17", "1e3", "1234e56", "12345678901234567890", "+5", ".inf"])(
  "the name %s is what was written, though YAML reads a number",
  async (name) => {
    const configuration = await load({ local: `experiment:\n  name: ${name} # a comment\n  max-trials: 1e1\n` });
    expect(configuration.pick("experiment.name").value).toBe(name);
    expect(configuration.pick("experiment.max_trials").value).toBe(10);
    expect((await load({ local: `name: ${name}` })).pick("experiment.name").value).toBe(name);
  },
);

describe("what is refused", () => {
  it.each([
    [
      "worker: {n_wrokers: 2}",
      'There is no setting "worker.n_wrokers" (my.yaml, line 1).',
      'Did you mean "worker.n_workers"?',
    ],
    ["n_workers: 2", 'There is no setting "n_workers" (my.yaml, line 1).', 'Did you mean "worker.n_workers"?'],
    [
      "worker:\n  gizmo: 2",
      'There is no setting "worker.gizmo" (my.yaml, line 2).',
      /^Known keys: worker.n_workers, .*heartbeat/,
    ],
  ])("an unknown key: %j", async (local, message, remedy) => {
    await expect(load({ local })).rejects.toMatchObject({
      code: "USAGE",
      message,
      remedy: expect.stringMatching(remedy),
    });
  });

  it("an unknown key in a global file, as a mistake of the configuration", async () => {
    await expect(load({ files: { [userFile]: "wroker: {}" } })).rejects.toMatchObject({ code: "CONFIGURATION" });
  });

  it("a value of the wrong type, naming where it was written", async () => {
    await expect(load({ env: { ORION_N_WORKERS: "many" } })).rejects.toThrow(
      'worker.n_workers must be a whole number from 1, not "many" (ORION_N_WORKERS).',
    );
    await expect(load({ local: '{"worker":\n{"heartbeat": 0}}' })).rejects.toThrow(
      "worker.heartbeat must be a whole number from 1, not 0 (my.yaml, line 2).",
    );
    const configuration = await load({});
    expect(() => configuration.pick("worker.n_workers", { commandLine: "1.5" })).toThrow(
      new CommandLineError(
        'worker.n_workers must be a whole number from 1, not "1.5" (--n-workers).',
        "Write such a value there, or leave it out.",
      ),
    );
  });

  it.each([
    ["worker:\n  a: [1", /"my.yaml", line \d: .+\./],
    ["worker: 3", /worker must be a mapping of keys to values \(my.yaml, line 1\)/],
    ["- 1", /must hold a mapping of sections, not a list/],
    ["just text", /must hold a mapping of sections, not "just text"/],
    ["worker: {n_workers: 1}\nworker: {n_workers: 2}", /line 2: Map keys must be unique/],
    ['{"worker": {"n_workers": 1},\n "worker": {"n_workers": 2}}', /line 2: Map keys must be unique/],
    ['{"worker": {"n_workers": 1, "n_workers": 1}}', /Map keys must be unique/],
    ["worker: {n_workers: .nan}", /not NaN \(my.yaml, line 1\)/],
    ["worker: {n_workers: .inf}", /not Infinity \(my.yaml, line 1\)/],
    ["worker: {n-workers: 1, n_workers: 2}", /worker.n_workers is given twice/],
    ["worker: *nowhere", /Unresolved alias/],
    ["worker: {}\n---\nworker: {}", /line 2: A second document begins here, and one is read/],
  ])("a malformed local file: %j", async (local, message) => {
    await expect(load({ local })).rejects.toThrow(message);
    await expect(load({ local })).rejects.toThrow(UsageError);
  });

  it("a local file that is not UTF-8", async () => {
    const local = Buffer.from("experiment: {name: caf\xe9}", "latin1");
    await expect(load({ local })).rejects.toThrow('Configuration file "my.yaml" cannot be read: it is not UTF-8.');
    expect((await load({ local: "\ufeffexperiment: {name: café}" })).pick("experiment.name").value).toBe("café");
  });

  it("colons and quotes inside of the texts of JSON are no keys", async () => {
    const text = 'a "b": c\\';
    const local = JSON.stringify({ experiment: { name: text }, gunicorn: { bind: ":8000", list: [{ "x:": text }] } });
    expect((await load({ local })).pick("experiment.name").value).toBe(text);
  });

  it("a file that cannot be read", async () => {
    const failing = (code: string) => ({
      env: {},
      homeDirectory: "/home/ada",
      readFile: async (path: string) => {
        if (path.includes("core")) throw Object.assign(new Error(), { code: "ENOENT" });
        throw Object.assign(new Error(), { code });
      },
    });
    await expect(loadConfiguration(failing("EACCES"))).rejects.toThrow(
      /orion_config.yaml" cannot be read: permission denied/,
    );
    await expect(loadConfiguration({ ...failing("ENOENT"), localFile: "gone.yaml" })).rejects.toThrow(
      'Configuration file "gone.yaml" cannot be read: there is no such file.',
    );
  });
});

describe("what is read with a warning", () => {
  it("the flat files of earlier versions", async () => {
    const local =
      "name: old\nmax_trials: 9\nalgorithm: tpe\npool-size: 2\ndatabase: {type: pickleddb, host: a.pkl}\nproducer: {strategy: Max}\n";
    const configuration = await load({ local });
    expect(configuration.pick("experiment.name").value).toBe("old");
    expect(configuration.pick("experiment.max_trials").value).toBe(9);
    expect(configuration.pick("experiment.algorithm").value).toEqual({ name: "tpe", options: {} });
    expect(configuration.pick("worker.pool_size").value).toBe(2);
    expect(configuration.pick("storage").value).toEqual({ database: { type: "pickleddb", host: "a.pkl" } });
    expect(configuration.warnings).toHaveLength(7);
    expect(configuration.warnings[1]).toBe(
      '"max_trials" is an old place: write "experiment.max_trials" instead (my.yaml, line 2).',
    );
    expect(configuration.warnings[4]).toBe('"worker.pool_size" has no effect yet (my.yaml, line 4).');
    expect(configuration.warnings[6]).toBe('"producer.strategy" has no effect any more (my.yaml, line 6).');
  });

  it("a former key beside the present one, which counts", async () => {
    const configuration = await load({ local: "experiment: {max_trials: 1}\nmax_trials: 2" });
    expect(configuration.pick("experiment.max_trials").value).toBe(1);
    expect(configuration.warnings).toHaveLength(1);
  });

  it("variables with a former name, and variables that choose Oríon's database", async () => {
    const configuration = await load({ env: { ORION_MAX_IDLE_TIME: "5", ORION_DB_TYPE: "mongodb" } });
    expect(configuration.pick("worker.idle_timeout").value).toBe(5);
    expect(configuration.warnings).toEqual([
      "ORION_MAX_IDLE_TIME is an old name: set ORION_IDLE_TIMEOUT instead.",
      expect.stringContaining("ORION_DB_TYPE is not read here"),
    ]);
  });

  it("settings that nothing asks for yet", async () => {
    const env = { ORION_EVC_CODE_CHANGE: "noeffect", ORION_EVC_ENABLE: "true" };
    const { warnings } = await load({
      env,
      local: "gunicorn: {bind: 'a:1'}\nevc:\n  enable: true\n  branch_from: a\n",
    });
    expect(warnings).toEqual([
      "ORION_EVC_CODE_CHANGE has no effect yet.",
      '"gunicorn" has no effect yet (my.yaml, line 1).',
      '"evc.branch_from" has no effect yet (my.yaml, line 4).',
    ]);
  });

  it("nothing, when everything is as it should be", async () => {
    expect((await load({ env: { ORION_HEARTBEAT: "1" }, local: "# empty\n" })).warnings).toEqual([]);
  });
});
