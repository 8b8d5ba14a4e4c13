import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";

interface VcsSource {
  readonly directory: string;
  /** Git has variables of its own, of which one names the repository. */
  readonly env: NodeJS.ProcessEnv;
  readonly timeoutMs?: number;
}

/** Longer than any healthy repository needs; a network drive that hangs must not hold up a hunt. */
const defaultTimeoutMs = 10_000;

/**
 * Which code is about to run: `{type: "git", is_dirty, HEAD_sha, active_branch, diff_sha}` for a directory in a git
 * repository. `active_branch` is null when none is checked out; `diff_sha` is the sha256 of `git diff HEAD` in hex, in
 * which untracked files do not count.
 *
 * @returns `{}` outside of a repository, before the first commit, without git, or when git takes too long. Never throws.
 */
export async function readVcs({
  directory,
  env,
  timeoutMs = defaultTimeoutMs,
}: VcsSource): Promise<Readonly<Record<string, unknown>>> {
  if (env.GIT_DIR === undefined && !isBelowGit(directory)) return {};
  const control = { directory, env, signal: AbortSignal.timeout(timeoutMs) };
  const diff = createHash("sha256");
  let isDirty = false;
  const [head, branch, isDiffRead] = await Promise.all([
    readGit(["rev-parse", "--verify", "HEAD"], control),
    readGit(["symbolic-ref", "--short", "--quiet", "HEAD"], control),
    runGit(["diff", "--no-color", "--no-ext-diff", "--no-textconv", "HEAD"], {
      ...control,
      // A diff may be far larger than memory: it is hashed as it comes.
      onOutput(chunk) {
        isDirty = true;
        diff.update(chunk);
      },
    }),
  ]);
  if (head === undefined || !isDiffRead) return {};
  return {
    type: "git",
    is_dirty: isDirty,
    HEAD_sha: head,
    active_branch: branch ?? null,
    diff_sha: diff.digest("hex"),
  };
}

/** Asked before git is: to start it three times takes as long as a tenth of a hunt's own start. */
function isBelowGit(directory: string): boolean {
  try {
    for (let folder = realpathSync(directory); ; folder = dirname(folder)) {
      if (existsSync(join(folder, ".git"))) return true;
      if (folder === dirname(folder)) return false;
    }
  } catch {
    return false; // no such directory
  }
}

interface GitControl extends Pick<VcsSource, "directory" | "env"> {
  readonly signal: AbortSignal;
}

/** The trimmed output of a git command, or `undefined` when it failed. */
async function readGit(args: readonly string[], control: GitControl): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  const isRead = await runGit(args, { ...control, onOutput: (chunk) => chunks.push(chunk) });
  return isRead ? Buffer.concat(chunks).toString("utf8").trim() : undefined;
}

/** True when git ran and succeeded. */
function runGit(
  args: readonly string[],
  { directory, env, signal, onOutput }: GitControl & { readonly onOutput: (chunk: Buffer) => void },
): Promise<boolean> {
  return new Promise((resolve) => {
    // Optional locks would disturb a git command that the user runs at the same time.
    const child = spawn("git", ["--no-optional-locks", "-C", directory, ...args], {
      stdio: ["ignore", "pipe", "ignore"],
      env,
      signal,
    });
    child.stdout.on("data", onOutput);
    child.on("error", () => resolve(false)); // no git, or out of time
    child.on("close", (exitCode) => resolve(exitCode === 0));
  });
}
