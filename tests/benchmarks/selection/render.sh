#!/usr/bin/env bash
# Renders the sample scenes and the scenes beside this script small, and again without their
# backdrop: the second render's alpha is the share of each pixel that the object covers. What is
# there already and newer than its scene is kept.
#
#   tests/benchmarks/selection/render.sh FOLDER
set -euo pipefail

out=${1:?usage: render.sh FOLDER}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
samples=$(cd "$here/../../../samples/scenes" && pwd)

command -v povray >/dev/null || {
  echo "render.sh: povray is missing, so the set has drawn pictures only (Debian: apt-get install povray)" >&2
  exit 0
}
mkdir -p "$out"
out=$(cd "$out" && pwd)

# ray SCENE.pov PNG WIDTH HEIGHT [more POV-Ray options]: one thread and no jitter, so that it
# repeats; the draft's light is good enough at this size.
ray() {
  local pov=$1 png=$2 w=$3 h=$4 part=${2%.png}.part.png
  shift 4
  [ "$png" -nt "$pov" ] && [ "$png" -nt "$samples/studio.inc" ] && return
  echo "rendering $(basename "$png")" >&2
  (cd "$samples" && nice -n 10 povray "+I$pov" "+O$part" "+L$samples" "+W$w" "+H$h" \
    +MV3.7 -D -P -V +FN8 File_Gamma=sRGB +Q11 +BM2 +A0.1 +AM2 +R3 -J +WT1 \
    Declare=Draft=1 "$@") >"$png.log" 2>&1 || {
    tail -n 20 "$png.log" >&2
    return 1
  }
  mv "$part" "$png"
  rm "$png.log"
}

for pov in "$samples"/*.pov "$here"/scenes/*.pov; do
  scene=$(basename "$pov" .pov)
  width=600 height=450
  if [ "$scene" = bottle ]; then width=450 height=600; fi
  ray "$pov" "$out/$scene.png" "$width" "$height"
  ray "$pov" "$out/${scene}_cutout.png" "$width" "$height" +UA Declare=Cutout=1
done
