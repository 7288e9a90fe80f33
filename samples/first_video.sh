#!/usr/bin/env bash
# Installs what is missing, builds the commands and takes a clip all the way: a 14 s 4K Matroska file
# becomes what the model accepts, is checked, edited and saved. The model is played by
# provider_emulator, which gives back the clip that it gets; nothing leaves this machine.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
# The test packages bring the ffmpeg program, which makes the clip to begin with.
.ci/prepare build test >&2
if [ ! -f build/build.ninja ]; then
    cmake --preset release -DEDITPREP_BUILD_TESTS=OFF -DEDITPREP_BUILD_FUZZERS=OFF >&2
fi
cmake --build --preset release --target commands >&2

folder=$PWD/build/samples/video
rm -rf "$folder"
mkdir -p "$folder"

# A slow look across the mug, with a tone.
ffmpeg -nostdin -hide_banner -loglevel error \
    -loop 1 -framerate 24 -i samples/mug.jpg -f lavfi -i sine=frequency=330 \
    -vf "scale=4800:-2,crop=3840:2160:x=(in_w-out_w)*t/14:y=(in_h-out_h)/2" -t 14 \
    -c:v libx264 -preset ultrafast -pix_fmt yuv420p -c:a libopus "$folder/mug.mkv"

build/bin/video_preflight "$folder/mug.mkv" || [ $? = 3 ] # it says what does not fit
build/bin/video_conform "$folder/mug.mkv" --out "$folder/mug.mp4"
build/bin/video_preflight "$folder/mug.mp4"

build/bin/provider_emulator --port 0 --setup "$folder/emulator" >"$folder/emulator.log" &
emulator=$!
trap 'kill "$emulator"' EXIT
until [ -f "$folder/emulator/environment.sh" ] && kill -0 "$emulator"; do sleep 0.1; done
. "$folder/emulator/environment.sh"

build/bin/generate_video --provider fal \
    --model fal-ai/kling-video/o3/pro/video-to-video/edit \
    --video "$folder/mug.mp4" --reference-image samples/toycar.jpg --element samples/bottle.jpg \
    --prompt "In @Video1, put @Element1 beside the mug, in the light of @Image1" \
    --out-dir "$folder"
