#!/usr/bin/env bash
# Installs what is missing, builds the benchmarks and prints times and ratios. Words are passed on:
#
#   tests/benchmarks/run.sh [--benchmark_filter=feather] ...
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/../.."
.ci/prepare build bench
cmake --preset bench
cmake --build --preset bench --target imaging_benchmark base64_benchmark video_benchmark
build-bench/tests/imaging_benchmark "$@"
build-bench/tests/base64_benchmark "$@"
build-bench/tests/video_benchmark "$@"
