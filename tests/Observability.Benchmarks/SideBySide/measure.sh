#!/usr/bin/env bash
# Queries side by side with Prometheus and VictoriaMetrics (Debian's packages prometheus and victoria-metrics), all on loopback:
# measure.sh [OUTPUT [--series N --minutes N …]]. Run it on a quiet machine; without arguments it takes 100,000 series of 6 h.
set -euo pipefail
cd "$(dirname "$0")/../../.."
for program in prometheus victoria-metrics; do
  command -v "$program" >/dev/null || { echo "$program is missing: apt-get install prometheus victoria-metrics" >&2; exit 1; }
done
output=${1:-artifacts/side-by-side.md}
shift || true
mkdir -p "$(dirname "$output")"
dotnet build tests/Observability.Benchmarks -c Release -v quiet
dotnet tests/Observability.Benchmarks/bin/Release/net10.0/Observability.Benchmarks.dll side-by-side --output "$output" "$@"
{
  echo
  echo "$(nproc) cores ($(sed -nE 's/^model name\s*: //p' /proc/cpuinfo | head -n 1)), $(dotnet --version), commit $(git rev-parse --short HEAD), $(prometheus --version 2>&1 | head -n 1 | cut -d' ' -f1-3), $(dpkg-query -W -f '${Package} ${Version}' victoria-metrics 2>/dev/null)."
} | tee -a "$output"
