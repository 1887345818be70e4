#!/usr/bin/env bash
# Measures a published collector by what the kernel says of its process: resident memory (VmRSS) at its highest and at the end, and
# CPU time (utime + stime) over the whole window, start-up apart.
#   measure.sh PUBLISHED_COLLECTOR SECONDS [collector settings...]
# PUBLISHED_COLLECTOR is the file made by: dotnet publish src/Observability.Collector -c Release -r linux-x64
set -euo pipefail
binary=$1 seconds=$2
shift 2
"$binary" "$@" &
pid=$!
trap 'kill -TERM "$pid" 2>/dev/null || true' EXIT
ticks() { awk '{ print $14 + $15 }' "/proc/$pid/stat"; }
rss() { awk '/^VmRSS/ { print $2 }' "/proc/$pid/status"; }
sleep 40 # two rounds: the row cache is filled, code is paged in
from=$(ticks) most=0
for ((i = 0; i < seconds; i++)); do
    sleep 1
    now=$(rss)
    if ((now > most)); then most=$now; fi
done
used=$(($(ticks) - from))
awk -v used="$used" -v hz="$(getconf CLK_TCK)" -v seconds="$seconds" -v most="$most" -v last="$(rss)" 'BEGIN {
    printf "cpu %.2f millicores, rss %.1f MB at most, %.1f MB at the end, over %d s\n", used / hz / seconds * 1000, most / 1024, last / 1024, seconds }'
grep -E '^(VmHWM|RssAnon|RssFile)' "/proc/$pid/status"
