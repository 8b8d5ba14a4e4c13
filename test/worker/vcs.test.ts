import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { readVcs } from "../../src/worker/vcs.js";

const here = { env: process.env };

function emptyDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "orion-vcs-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

function makeRepository() {
  const directory = emptyDirectory();
  const identity = ["-c", "user.name=a", "-c", "user.email=a@b"];
  const git = (...args: string[]) =>
    execFileSync("git", ["-C", directory, ...identity, ...args], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
  git("init", "--initial-branch", "main");
  return { directory, git };
}

function makeCommit() {
  const repository = makeRepository();
  writeFileSync(join(repository.directory, "a.txt"), "1\n");
  repository.git("add", ".");
  repository.git("commit", "-m", "first");
  return repository;
}

/** A folder with nothing but a `git` that notes that it was started. */
function programNamedGit() {
  const folder = emptyDirectory();
  const notes = join(folder, "notes");
  writeFileSync(notes, "");
  writeFileSync(join(folder, "git"), `#!/bin/sh\necho started >> '${notes}'\nexit 1\n`, { mode: 0o755 });
  return { folder, starts: () => readFileSync(notes, "utf8").split("\n").length - 1 };
}

describe("readVcs", () => {
  it("tells head, branch and an empty diff of a clean repository, below its root too", async () => {
    const { directory, git } = makeCommit();
    mkdirSync(join(directory, "sub"));
    writeFileSync(join(directory, "untracked.txt"), "1\n");
    expect(await readVcs({ ...here, directory: join(directory, "sub") })).toEqual({
      type: "git",
      is_dirty: false,
      HEAD_sha: git("rev-parse", "HEAD").trim(),
      active_branch: "main",
      diff_sha: createHash("sha256").digest("hex"),
    });
  });

  it("hashes the difference to the last commit, staged or not", async () => {
    const { directory, git } = makeCommit();
    writeFileSync(join(directory, "a.txt"), "2\n");
    const before = await readVcs({ ...here, directory });
    expect(before).toMatchObject({
      is_dirty: true,
      diff_sha: createHash("sha256").update(git("diff", "HEAD")).digest("hex"),
    });
    git("add", ".");
    expect(await readVcs({ ...here, directory })).toEqual(before);
    writeFileSync(join(directory, "a.txt"), "3\n");
    expect((await readVcs({ ...here, directory })).diff_sha).not.toBe(before.diff_sha);
  });

  it("has no branch when none is checked out", async () => {
    const { directory, git } = makeCommit();
    git("checkout", "--detach");
    expect(await readVcs({ ...here, directory })).toMatchObject({ type: "git", active_branch: null });
  });

  it("starts git only where there may be a repository: in one that the environment names as well", async () => {
    const { directory, git } = makeCommit();
    const named = { ...process.env, GIT_DIR: join(directory, ".git"), GIT_WORK_TREE: directory };
    const found = await readVcs({ directory: emptyDirectory(), env: named });
    expect(found).toMatchObject({ HEAD_sha: git("rev-parse", "HEAD").trim() });
    const counter = programNamedGit();
    const env = { PATH: counter.folder };
    await readVcs({ directory: emptyDirectory(), env });
    expect(counter.starts()).toBe(0);
    await readVcs({ directory, env });
    expect(counter.starts()).toBe(3);
  });

  it("is empty without a repository, a directory, a commit, or time", async () => {
    expect(await readVcs({ ...here, directory: emptyDirectory() })).toEqual({});
    expect(await readVcs({ ...here, directory: "/does/not/exist" })).toEqual({});
    expect(await readVcs({ ...here, directory: makeRepository().directory })).toEqual({});
    expect(await readVcs({ ...here, directory: makeCommit().directory, timeoutMs: 0 })).toEqual({});
  });
});
