import { userInfo } from "node:os";
import type { UserWorld } from "./user-directories.js";

/** The name that the system has for whoever runs us. */
export function systemUser({ env }: Pick<UserWorld, "env">): string {
  try {
    return userInfo().username;
  } catch {
    return env.USER ?? "unknown"; // a user id without a name, as in many containers
  }
}
