#!/usr/bin/env bash
# Newton's law of cooling for a cup of coffee: which temperatures and which rate fit the readings best?
#
# Reports the root of the mean squared error in °C.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/../../clients/orion-client.sh" # your own script has it beside itself

room=20 start=80 rate=0.1
while (($# > 0)); do
  case $1 in
    --room) room=$2 ;;
    --start) start=$2 ;;
    --rate) rate=$2 ;;
    *) echo "usage: $0 [--room CELSIUS] [--start CELSIUS] [--rate PER_MINUTE]" >&2 && exit 2 ;;
  esac
  shift 2
done

error=$(
  awk -F, -v room="$room" -v start="$start" -v rate="$rate" '
    NR > 1 {
      predicted = room + (start - room) * exp(-rate * $1)
      sum += (predicted - $2) ^ 2
    }
    END { printf "%.9g", sqrt(sum / (NR - 1)) }
  ' "$here/readings.csv"
)

orion_report_objective "$error"
