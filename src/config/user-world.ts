import { homedir, userInfo } from "node:os";
import { isAbsolute } from "node:path";
import type { UserWorld } from "./user-directories.js";

/** Where a user's files belong depends on these. */
export function userWorld({ env }: Pick<UserWorld, "env">): UserWorld {
  // An empty or relative HOME is a mistake that would leave our files wherever we are started.
  return { env, homeDirectory: env.HOME !== undefined && isAbsolute(env.HOME) ? env.HOME : homeOfUser() };
}

function homeOfUser(): string {
  const home = homedir(); // reads HOME too
  return isAbsolute(home) ? home : userInfo().homedir;
}
