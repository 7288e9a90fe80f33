#!/usr/bin/env bash
# Installs what is missing, builds with release flags, renders the scenes once (some minutes) and
# prints how well the selection finds objects. Words are passed on:
#
#   tests/benchmarks/selection/run.sh                                   ours, the small set
#   tests/benchmarks/selection/run.sh --set large \
#       --methods backdrop,corner-bg,otsu,flood-fill,grab-cut --sheets build-bench/sheets
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/../../.."
.ci/prepare build bench
cmake --preset bench
cmake --build --preset bench --target selection_benchmark
mkdir -p build-bench/scenes
tests/benchmarks/selection/render.sh build-bench/scenes
build-bench/tests/selection_benchmark --scenes build-bench/scenes "$@"
