import { dirname } from "node:path";
import type { CommandEvaluation } from "../executor.js";
import { quote } from "../shell-start.js";

/**
 * What a job does for one evaluation: the command with its environment and what Slurm adds, and its exit code in a file.
 * A line is whole when it ends; anything else than a number is the reason why the machine could not even try. Nothing is
 * started but the command: where a job is short, a handful of `rm`, `sed` and `mv` takes longer than the job.
 *
 * @param exitPath - Of that file; on a file system that the machines share.
 */
export function evaluationScript(evaluation: CommandEvaluation, exitPath: string): string {
  const { argv, environment, directory, stdoutPath, stderrPath } = evaluation;
  const variables = Object.entries(environment).map(([name, value]) => quote(`${name}=${value}`));
  // Our caller has seen all of them. It starts in the last one.
  const folders = [dirname(stdoutPath), dirname(stderrPath), directory];
  const report = `> ${quote(exitPath)}`;
  return `#!/bin/bash
# Signals are for the program and all of its group; this shell has to tell how it ended.
program= ending=
# Of an earlier run, when Slurm has put the job back into its queue.
[ ! -e ${quote(exitPath)} ] || rm -f ${quote(exitPath)}
end() {
  ending=$1
  [ -z "$program" ] || kill -s "$ending" -- "-$program"
}
trap 'end TERM' TERM INT HUP
trap 'end KILL' USR1
for folder in ${folders.map(quote).join(" ")}; do
  cd "$folder" && continue
  echo "The directory $folder does not exist on the machine $(hostname)." ${report}
  exit 1
done
# What Slurm tells a job about itself and its devices.
for name in $(compgen -e); do
  case $name in
  SLURM_* | [A-Z]*_VISIBLE_DEVICES | GPU_DEVICE_ORDINAL | ZE_AFFINITY_MASK) set -- "$@" "$name=\${!name}" ;;
  esac
done
# By job control the program leads a group of its own, so that what it leaves behind can be ended after a stop, and is
# not deaf to INT as a background process is otherwise.
set -m
(exec env -i ${variables.join(" ")} "$@" ${argv.map(quote).join(" ")}) </dev/null >>${quote(stdoutPath)} 2>>${quote(stderrPath)} &
program=$!
# Or else a wait would end, again and again, as long as somebody has stopped the program.
set +m
[ -z "$ending" ] || end "$ending"
wait "$program"
code=$?
# A signal interrupts the wait, and then that was not the program's code.
while kill -0 "$program" 2>/dev/null; do wait "$program"; code=$?; done
if [ -n "$ending" ]; then
  wait "$program"
  again=$?
  [ "$again" -eq 127 ] || code=$again
  kill -s KILL -- "-$program" 2>/dev/null
fi
echo "$code" ${report}
`;
}

/** The script of a job array, whose tasks do one of the evaluations in `folder` each; of a single job, the first. */
export function arrayScript(folder: string): string {
  return `#!/bin/bash\n. ${quote(folder)}/"\${SLURM_ARRAY_TASK_ID:-0}".sh\n`;
}
