import {
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { basename, join } from "node:path";
import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import type { Storage } from "../../src/storage/storage.js";
import {
  prepareTrialDirectory,
  removeEmptyRoot,
  removeKeptDirectories,
  removeTrialDirectory,
} from "../../src/worker/trial-directory/trial-directory.js";
import { pathForProgram, type TrialFiles } from "../../src/worker/trial-directory/trial-files.js";
import { type TrialRootOptions, trialDirectoryOf, trialRoot } from "../../src/worker/trial-directory/trial-root.js";
import { temporaryFolder } from "../temporary-folder.js";

const id = "0123456789abcdef0123456789abcdef";
const definition: TrialRootOptions["record"]["definition"] = {
  space: {},
  algorithm: { name: "random", options: {} },
  seed: "1",
  direction: "minimize",
  metadata: { user: "me", datetime: "2024-01-01T00:00:00Z", orionVersion: "1.0.0", userArgs: [] },
};

type RecordChange = Partial<TrialRootOptions["record"]>;

function fresh(change: RecordChange = {}) {
  const cacheDirectory = join(temporaryFolder(), "cache", "orion");
  const record = { name: "demo", version: 2, workingDir: "", createdTime: 5, definition, ...change };
  const root = trialRoot({ cacheDirectory, record });
  const trial = { id, epoch: 1, parent: undefined, workingDir: record.workingDir };
  return { cacheDirectory, root, trial };
}

describe("a file for the program", () => {
  it.each([
    ["model.yaml", "model.yaml"],
    ["results.json", "config-results.json"],
    ["Results-12.json", "config-Results-12.json"],
    ["stdout.log", "config-stdout.log"],
    ["stderr.log", "config-stderr.log"],
    ["reports-1.txt", "config-reports-1.txt"],
    ["stop-1", "config-stop-1"],
  ])("of the name %s is called %s", (name, called) => {
    const { root, trial } = fresh();
    const files = prepareTrialDirectory(root, trial);
    expect(pathForProgram(files, name)).toBe(join(files.directory, called));
  });
});

describe("trialRoot", () => {
  it("names the experiment and its version, below the cache directory", () => {
    const { root, cacheDirectory } = fresh();
    expect(root.folder).toBe(root.temporaryFolder);
    expect(root.folder.slice(cacheDirectory.length)).toMatch(/^\/demo-v2-[0-9a-f]{8}$/);
  });

  it("is another folder for the experiment of the same name in another database", () => {
    const record = { name: "demo", version: 1, workingDir: "", createdTime: 5, definition };
    const folders = [
      record,
      { ...record, createdTime: 6 },
      { ...record, definition: { ...definition, seed: "2" } },
    ].map((one) => trialRoot({ cacheDirectory: "/cache", record: one }).folder);
    expect(new Set(folders).size).toBe(3);
  });

  it("is the working directory where the experiment has one", () => {
    expect(fresh({ workingDir: "/data/runs" }).root.folder).toBe("/data/runs");
  });

  it("stays one folder below the cache directory, whatever the name, and differs for names that differ", () => {
    const record = { version: 1, workingDir: "", createdTime: 5, definition };
    const folderOf = (name: string) => trialRoot({ cacheDirectory: "/cache", record: { ...record, name } }).folder;
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (one, two) => {
        expect(join(folderOf(one), "..")).toBe("/cache");
        expect(Buffer.byteLength(basename(folderOf(one)))).toBeLessThanOrEqual(220);
        if (one !== two) expect(folderOf(one)).not.toBe(folderOf(two));
      }),
    );
    expect(folderOf("x".repeat(400))).not.toBe(folderOf("x".repeat(401)));
    for (const name of ["../../etc", "a/b", ".hidden", "a\0b", "日本語", "x".repeat(400)]) {
      const { root, trial } = fresh({ name });
      prepareTrialDirectory(root, trial);
      expect(readdirSync(root.folder)).toEqual([id]);
    }
  });

  it("refuses a directory that depends on where it is read", () => {
    expect(() => fresh({ workingDir: "runs" })).toThrow(RangeError);
  });
});

describe("prepareTrialDirectory", () => {
  it("makes the directory with an empty results file", () => {
    const { root, trial } = fresh();
    const files = prepareTrialDirectory(root, trial);
    expect(files.directory).toBe(trialDirectoryOf(root, trial));
    expect(readdirSync(files.directory)).toEqual(["results.json"]);
    expect(readFileSync(files.resultsPath, "utf8")).toBe("");
  });

  it("puts nothing but directories named by trial id into a working directory", () => {
    const workingDir = join(temporaryFolder(), "runs");
    const { root, trial } = fresh({ workingDir });
    prepareTrialDirectory(root, trial);
    expect(readdirSync(workingDir)).toEqual([id]);
  });

  it("keeps to the working directory that the trial was made with", () => {
    const [before, now] = [temporaryFolder(), temporaryFolder()];
    const { root, trial } = fresh({ workingDir: now });
    expect(prepareTrialDirectory(root, { ...trial, workingDir: before }).directory).toBe(join(before, id));
    expect(prepareTrialDirectory(root, { ...trial, workingDir: "" }).directory).toBe(join(root.temporaryFolder, id));
  });

  it("uses the directory of a resumed trial again, with a results file of its own", () => {
    const { root, trial } = fresh();
    const first = prepareTrialDirectory(root, trial);
    writeFileSync(join(first.directory, "checkpoint"), "7");
    writeFileSync(first.resultsPath, "half");
    const second = prepareTrialDirectory(root, { ...trial, epoch: 2 });
    expect(second.directory).toBe(first.directory);
    expect(second.resultsPath).not.toBe(first.resultsPath);
    expect(readFileSync(second.resultsPath, "utf8")).toBe("");
    expect(readFileSync(join(second.directory, "checkpoint"), "utf8")).toBe("7");
  });

  it("empties a results file that is there already", () => {
    const { root, trial } = fresh();
    writeFileSync(prepareTrialDirectory(root, trial).resultsPath, "old");
    expect(readFileSync(prepareTrialDirectory(root, trial).resultsPath, "utf8")).toBe("");
  });

  it("empties no file of another experiment that has the same working directory, and shares none with it", () => {
    const workingDir = join(temporaryFolder(), "runs");
    const [one, two] = [fresh({ workingDir }), fresh({ workingDir, createdTime: 6 })];
    const first = prepareTrialDirectory(one.root, one.trial);
    writeFileSync(first.resultsPath, "one's");
    const second = prepareTrialDirectory(two.root, two.trial);
    expect(second.directory).toBe(first.directory);
    expect(readFileSync(first.resultsPath, "utf8")).toBe("one's");
    const paths = ({ directory: _, prefix: __, ...files }: TrialFiles) => Object.values(files);
    const all = [first, second].flatMap((files) => [...paths(files), pathForProgram(files, "model.yaml")]);
    expect(new Set(all).size).toBe(12);

    rmSync(second.resultsPath); // as a worker does when its program was interrupted
    writeFileSync(second.stdoutPath, "two's");
    const resumed = prepareTrialDirectory(two.root, { ...two.trial, epoch: 2 });
    expect(resumed.stdoutPath).toBe(second.stdoutPath);
    expect(prepareTrialDirectory(one.root, { ...one.trial, epoch: 2 }).stdoutPath).toBe(first.stdoutPath);
    expect(new Set([first, second, resumed].map(({ resultsPath }) => resultsPath)).size).toBe(3);

    const child = prepareTrialDirectory(one.root, { ...one.trial, id: "child", parent: id });
    expect(readdirSync(child.directory)).toEqual(["results.json"]);
  });

  it("starts a new trial with a copy of its parent's directory, without what the parent reported", () => {
    const { root, trial } = fresh();
    const parent = prepareTrialDirectory(root, { ...trial, id: "parent" });
    mkdirSync(join(parent.directory, "model"));
    writeFileSync(join(parent.directory, "model", "stdout.log"), "kept");
    symlinkSync("model", join(parent.directory, "link"));
    for (const file of [parent.resultsPath, parent.stdoutPath, parent.stderrPath]) writeFileSync(file, "parent's");
    const child = prepareTrialDirectory(root, { ...trial, parent: "parent" });
    expect(readdirSync(child.directory).sort()).toEqual(["link", "model", "results.json"]);
    expect(readFileSync(join(child.directory, "link", "stdout.log"), "utf8")).toBe("kept");
    expect(readFileSync(child.resultsPath, "utf8")).toBe("");
    expect(readdirSync(root.folder).sort()).toEqual([id, "parent"].sort());
  });

  it("does not copy the parent over a trial that is resumed, and bears a parent whose directory is gone", () => {
    const { root, trial } = fresh();
    const child = prepareTrialDirectory(root, { ...trial, parent: "parent" });
    expect(readdirSync(child.directory)).toEqual(["results.json"]);
    const parent = prepareTrialDirectory(root, { ...trial, id: "parent" });
    writeFileSync(join(parent.directory, "model"), "1");
    prepareTrialDirectory(root, { ...trial, parent: "parent" });
    expect(existsSync(join(child.directory, "model"))).toBe(false);
  });

  it("starts over when a worker died while it copied", () => {
    const { root, trial } = fresh();
    const parent = prepareTrialDirectory(root, { ...trial, id: "parent" });
    writeFileSync(join(parent.directory, "model"), "1");
    mkdirSync(join(root.folder, `.${id}.copy-1`));
    writeFileSync(join(root.folder, `.${id}.copy-1`, "half"), "");
    const child = prepareTrialDirectory(root, { ...trial, parent: "parent" });
    expect(readdirSync(child.directory).sort()).toEqual(["model", "results.json"]);
  });

  it("says what is in the way", () => {
    const { root, trial, cacheDirectory } = fresh();
    mkdirSync(join(cacheDirectory, ".."), { recursive: true });
    writeFileSync(cacheDirectory, "a file");
    expect(() => prepareTrialDirectory(root, trial)).toThrow(
      expect.objectContaining({ code: "EVALUATION", commandRemedy: expect.stringContaining("--working-dir") }),
    );
  });
});

describe("removeTrialDirectory", () => {
  /** What the program of a trial leaves behind when it reports its result and prints nothing. */
  const complete = (files: TrialFiles) => {
    writeFileSync(files.resultsPath, "1");
    for (const file of [files.stdoutPath, files.stderrPath]) writeFileSync(file, "");
  };

  it("leaves nothing of a trial in the cache directory, nor of an experiment without trials", () => {
    const { root, trial, cacheDirectory } = fresh();
    for (const number of [1, 2, 3]) complete(prepareTrialDirectory(root, { ...trial, id: `t${number}` }));
    for (const number of [1, 2, 3]) {
      removeTrialDirectory(root, { ...trial, id: `t${number}` });
      expect(existsSync(trialDirectoryOf(root, { ...trial, id: `t${number}` }))).toBe(false);
    }
    removeEmptyRoot(root);
    expect(existsSync(cacheDirectory)).toBe(false);
    removeEmptyRoot(root);
  });

  it("hands a directory without traces of its program on to the next trial, results file emptied", async () => {
    const { root, trial } = fresh();
    const first = prepareTrialDirectory(root, trial);
    complete(first);
    const { ino } = statSync(first.directory);
    removeTrialDirectory(root, trial);
    await vi.waitUntil(() => root.spares.length === 1); // it is emptied behind our back
    const second = prepareTrialDirectory(root, { ...trial, id: "next" });
    expect(statSync(second.directory).ino).toBe(ino);
    for (const file of [second.resultsPath, second.stdoutPath, second.stderrPath])
      expect(readFileSync(file, "utf8")).toBe("");
    expect(readdirSync(root.folder)).toEqual(["next"]);
  });

  it.each<[string, (files: TrialFiles, elsewhere: string) => void]>([
    ["printed something", ({ stdoutPath }) => writeFileSync(stdoutPath, "x")],
    ["left a file", ({ directory }) => writeFileSync(join(directory, "model"), "x")],
    ["left a directory", ({ directory }) => mkdirSync(join(directory, "a", "b"), { recursive: true })],
    [
      "made a link as its results file",
      ({ resultsPath }, elsewhere) => {
        rmSync(resultsPath);
        symlinkSync(elsewhere, resultsPath);
      },
    ],
    [
      "linked its results file to another name",
      ({ resultsPath }, elsewhere) => {
        rmSync(resultsPath);
        linkSync(elsewhere, resultsPath);
      },
    ],
  ])("does not hand on the directory of a program that %s", (_title, leave) => {
    const { root, trial } = fresh();
    const elsewhere = join(temporaryFolder(), "data");
    writeFileSync(elsewhere, "precious");
    const files = prepareTrialDirectory(root, trial);
    complete(files);
    leave(files, elsewhere);
    removeTrialDirectory(root, trial);
    expect(readdirSync(root.folder)).toEqual([]);
    prepareTrialDirectory(root, { ...trial, id: "next" });
    expect(readFileSync(elsewhere, "utf8")).toBe("precious");
  });

  it("never hands a directory on to a trial that has one, or to one in a working directory", () => {
    const { root, trial } = fresh();
    const waiting = prepareTrialDirectory(root, { ...trial, id: "waiting" });
    writeFileSync(join(waiting.directory, "checkpoint"), "7");
    for (const change of [{ epoch: 1 }, { epoch: 2 }]) {
      complete(prepareTrialDirectory(root, trial));
      removeTrialDirectory(root, trial);
      prepareTrialDirectory(root, { ...trial, id: "waiting", ...change });
      expect(readFileSync(join(waiting.directory, "checkpoint"), "utf8")).toBe("7");
    }
    const workingDir = temporaryFolder();
    const { directory } = prepareTrialDirectory(root, { ...trial, id: "kept", workingDir });
    expect(readdirSync(directory)).toEqual(["results.json"]);
  });

  it("bears that another worker has tidied up", () => {
    const { root, trial } = fresh();
    complete(prepareTrialDirectory(root, trial));
    removeTrialDirectory(root, trial);
    removeEmptyRoot({ ...root, spares: [] });
    expect(existsSync(root.folder)).toBe(false);
    expect(existsSync(prepareTrialDirectory(root, { ...trial, id: "next" }).resultsPath)).toBe(true);
  });

  it("removes what the program and earlier runs left there, but not what their links point to", () => {
    const { root, trial } = fresh();
    const elsewhere = temporaryFolder();
    writeFileSync(join(elsewhere, "data"), "precious");
    const { directory } = prepareTrialDirectory(root, trial);
    prepareTrialDirectory(root, { ...trial, epoch: 2 });
    mkdirSync(join(directory, "a"));
    symlinkSync(elsewhere, join(directory, "a", "link"));
    removeTrialDirectory(root, { ...trial, epoch: 2 });
    expect(readdirSync(root.folder)).toEqual([]);
    expect(readdirSync(elsewhere)).toEqual(["data"]);
  });

  it("keeps a working directory, and an experiment's folder in which a trial waits", () => {
    const { root, trial } = fresh();
    const kept = prepareTrialDirectory(root, { ...trial, workingDir: temporaryFolder() });
    removeTrialDirectory(root, { ...trial, workingDir: join(kept.directory, "..") });
    expect(existsSync(kept.resultsPath)).toBe(true);
    const waiting = prepareTrialDirectory(root, trial);
    removeEmptyRoot(root);
    expect(existsSync(waiting.resultsPath)).toBe(true);
  });

  it("bears a directory that is gone already", () => {
    const { root, trial } = fresh();
    removeTrialDirectory(root, trial);
    expect(existsSync(root.folder)).toBe(false);
  });
});

describe("removeKeptDirectories", () => {
  const listing = (owners: readonly string[], trials: readonly object[]) => {
    const storage = { listOwners: async () => owners, listTrials: async () => trials };
    return { storage: storage as unknown as Storage, record: { id: 1 } };
  };

  it("removes what completed trials have kept, once nobody is at work any more", async () => {
    const { cacheDirectory, trial } = fresh();
    const record = { name: "demo", version: 1, workingDir: "", createdTime: 5, definition };
    const root = trialRoot({ cacheDirectory, record, continuesTrials: true });
    const { directory } = prepareTrialDirectory(root, trial);
    writeFileSync(join(directory, "checkpoint"), "3");
    removeTrialDirectory(root, trial);
    expect(existsSync(directory)).toBe(true);
    await removeKeptDirectories(root, listing(["another worker"], [trial]));
    expect(existsSync(directory)).toBe(true);
    await removeKeptDirectories(root, listing([], []));
    expect(existsSync(directory)).toBe(true);
    await removeKeptDirectories(root, listing([], [trial]));
    expect(existsSync(directory)).toBe(false);
  });
});
