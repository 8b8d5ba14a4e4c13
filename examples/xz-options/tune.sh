#!/usr/bin/env bash
# Compress a log with the given options of xz: small and quick at the same time.
#
# Reports the size in KiB plus PRICE KiB for each second of processor time. Without xz on this machine it tunes the level
# of gzip and ignores the rest.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/../../clients/orion-client.sh" # your own script has it beside itself

preset=6 lc=3 lp=0 pb=2 nice=64 finder=bt4 price=40
while (($# > 0)); do
  case $1 in
    --preset) preset=$2 ;;
    --lc) lc=$2 ;;
    --lp) lp=$2 ;;
    --pb) pb=$2 ;;
    --nice) nice=$2 ;;
    --finder) finder=$2 ;;
    --price) price=$2 ;;
    *) echo "usage: $0 [--preset 0-9] [--lc N] [--lp N] [--pb N] [--nice N] [--finder hc3|hc4|bt2|bt3|bt4] [--price KIB]" >&2 && exit 2 ;;
  esac
  shift 2
done

# xz refuses more than four bits of context in all: such a trial is valid but terrible.
if ((lc + lp > 4)); then
  orion_report_bad_trial 1e6
  exit 0
fi

if command -v xz >/dev/null; then
  compress=(xz --format=raw --threads=1 --stdout "--lzma2=preset=$preset,lc=$lc,lp=$lp,pb=$pb,nice=$nice,mf=$finder")
else
  compress=(gzip --stdout "-$((preset > 0 ? preset : 1))")
fi

directory=${ORION_WORKING_DIR:-$(mktemp -d)}
log=$directory/access.log
"$here/make-log.sh" >"$log"

LC_ALL=C TIMEFORMAT="%U %S"
times=$({ time "${compress[@]}" <"$log" >"$log.packed"; } 2>&1)
bytes=$(wc -c <"$log.packed")
rm -f "$log" "$log.packed"
[ -n "${ORION_WORKING_DIR-}" ] || rmdir "$directory"

seconds=$(awk '{ print $1 + $2 }' <<<"$times")
cost=$(awk -v bytes="$bytes" -v seconds="$seconds" -v price="$price" 'BEGIN { printf "%.6f", bytes / 1024 + price * seconds }')

echo "$bytes bytes in $seconds s"
orion_report_results "[
  {\"name\": \"cost\", \"type\": \"objective\", \"value\": $cost},
  {\"name\": \"bytes\", \"type\": \"statistic\", \"value\": $bytes},
  {\"name\": \"seconds\", \"type\": \"statistic\", \"value\": $seconds}
]"
