#!/usr/bin/env bash
# Installs what is missing, builds and runs every test. Words are passed on to ctest:
#
#   tests/run.sh [-L unit] [-R pattern] ...
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
.ci/prepare build test
cmake --preset release -DEDITPREP_BUILD_TESTS=ON -DEDITPREP_BUILD_FUZZERS=ON
cmake --build --preset release
exec ctest --preset release --parallel "$(nproc)" "$@"
