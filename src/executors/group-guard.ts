import { type ChildProcess, spawn } from "node:child_process";

/** Kills process groups when this process dies without having closed it, be it by `kill -9`. */
export interface GroupGuard {
  watch(groupId: number): void;
  forget(groupId: number): void;
  close(): void;
}

/** Waits on a pipe that only this process holds. */
const script = `
trap '' TERM INT HUP QUIT
groups=' '
while read -r word group; do
  case $word in
    watch) groups="$groups$group " ;;
    forget) groups="\${groups%% $group *} \${groups#* $group }" ;;
    end) exit 0 ;;
  esac
done
for group in $groups; do kill -s KILL -- "-$group"; done
`;

/** One small shell for all groups; there is none on a system without `/bin/sh`. */
export function openGroupGuard(): GroupGuard {
  let shell: ChildProcess | undefined;
  try {
    shell = spawn("/bin/sh", ["-c", script], {
      cwd: "/",
      env: {},
      stdio: ["pipe", "ignore", "ignore"],
      detached: true,
    });
    shell.on("error", () => {});
    shell.stdin!.on("error", () => {});
    shell.unref();
    (shell.stdin as NodeJS.WritableStream & { unref?(): void }).unref?.();
  } catch {
    // The pool is worth more than its guard.
  }
  const say = (line: string) => shell?.stdin?.write(`${line}\n`);
  return {
    watch: (groupId) => say(`watch ${groupId}`),
    forget: (groupId) => say(`forget ${groupId}`),
    close: () => shell?.stdin?.end("end\n"),
  };
}
