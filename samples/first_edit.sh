#!/usr/bin/env bash
# Installs what is missing, builds the commands and gives the mug in the sample picture a white
# background. Nothing leaves this machine. Prints where the result and its preview are.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
.ci/prepare build >&2
# A tree that is configured already, with or without the tests, is taken as it is.
if [ ! -f build/build.ninja ]; then
    cmake --preset release -DEDITPREP_BUILD_TESTS=OFF -DEDITPREP_BUILD_FUZZERS=OFF >&2
fi
cmake --build --preset release --target commands >&2

folder=$PWD/build/samples
rm -rf "$folder"
mkdir -p "$folder"
answer=$(build/bin/object_select_edit \
    --image samples/mug.jpg \
    --prompt "A white background" \
    --provider local \
    --edit-target background \
    --fill white \
    --mask-dir "$folder" \
    --out-dir "$folder" \
    --preview "$folder/mug_preview.png" \
    --quiet)

echo "Result:  $(sed -n 's/^DOWNLOADED: //p' <<<"$answer")"
echo "Preview: $folder/mug_preview.png"
