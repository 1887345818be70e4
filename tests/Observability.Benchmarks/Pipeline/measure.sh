#!/usr/bin/env bash
# Publishes collector and aggregator as the Dockerfile does and measures the way from a kubelet's page into the store.
#   measure.sh [settings of `dotnet run --project tests/Observability.Benchmarks -- pipeline`]
set -euo pipefail
cd "$(dirname "$0")/../../.."
out=artifacts/pipeline
dotnet publish src/Observability.Collector -c Release --use-current-runtime -o "$out/collector" -v quiet
dotnet publish src/Observability.Aggregator -c Release -o "$out/aggregator" -v quiet
dotnet build tests/Observability.Benchmarks -c Release -v quiet
exec dotnet run -c Release --no-build --project tests/Observability.Benchmarks -- pipeline \
    --aggregator "$out/aggregator/Observability.Aggregator.dll" --collector "$out/collector/Observability.Collector" "$@"
