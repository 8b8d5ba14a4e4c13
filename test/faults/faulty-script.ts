/** Places that a script and the storm around it agree upon. */
export interface Places {
  /** One line for each evaluation that was reported: trial, value, worker. */
  readonly ledger: string;
  /** Once this file is there, scripts behave. */
  readonly calm: string;
  /** A folder on the disk of the database, to be filled. */
  readonly disk: string;
}

/**
 * A program that misbehaves in one of many ways, chosen by its process id, and then reports that id as its objective.
 *
 * It enters each evaluation into a ledger as its very last act, deaf to TERM by then: whoever sees it end well after that
 * must not lose the result.
 */
export function faultyScript({ ledger, calm, disk }: Places): string {
  return `#!/bin/sh
calm() { [ -e '${calm}' ]; }
until_calm() { until calm; do sleep 0.05; done; }
if ! calm; then
  case $(($$ * 7919 / 16 % 24)) in # process ids come in steps
    0) until_calm ;;                                              # hangs
    1) trap '' TERM INT HUP; until_calm ;;                        # hangs, and ignores TERM
    2) sleep 600 & until_calm; kill $! ;;                         # hangs beside a grandchild
    3) exec >&- 2>&- ;;                                           # closes its output
    4) head -c 64000000 /dev/zero > '${disk}'/fill.$$ 2>/dev/null # fills the disk
       sleep 0.2; rm -f '${disk}'/fill.$$ ;;
    5) echo 'no luck' >&2; exit 1 ;;                              # fails
    6) head -c 300000 /dev/zero | tr '\\\\0' x ;;                 # talks too much
    7) kill -9 $$ ;;                                              # is killed
  esac
fi
sleep 0.0$(($$ % 6))
trap '' TERM INT HUP
echo "[{\\"name\\":\\"loss\\",\\"type\\":\\"objective\\",\\"value\\":$$}]" > "$ORION_RESULTS_PATH" || exit 1
echo "$ORION_TRIAL_ID $$ $ORION_WORKER" >> '${ledger}'
`;
}

/** One evaluation that a script saw to its end. */
export interface Evaluation {
  readonly trial: string;
  readonly value: number;
  readonly worker: string;
}

export function readLedger(text: string): Evaluation[] {
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const [trial = "", value, worker = ""] = line.split(" ");
      return { trial, value: Number(value), worker };
    });
}
