import { execFileSync } from "node:child_process";
import { tmpdir } from "node:os";

/** Words before a command that then sees this folder as on a read-only disk; nobody else does. */
export function readOnly(folder: string): readonly string[] {
  return ["unshare", ...namespaces, "sh", "-c", script, "sh", folder];
}

/** Root may write whatever the permissions say, but not on a mount that is read-only. */
const script = 'mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" && shift && exec "$@"';

const namespaces = process.getuid?.() === 0 ? ["--mount"] : ["--mount", "--map-root-user"];

/** Why there can be no such mounts here; `undefined` where they can be made. */
export const missingMounts: string | undefined = whyNot();

function whyNot(): string | undefined {
  const [program, ...words] = readOnly(tmpdir());
  try {
    execFileSync(program!, [...words, "true"], { stdio: "pipe" });
    return undefined;
  } catch {
    return "no mount namespaces here";
  }
}
