#!/usr/bin/env bash
# Render all sample pictures again, into the folder above this script.
#
# Needs (Debian packages): povray, libvips-tools (for `vips`).
# Takes about three minutes on two free processor cores.
#
#   samples/scenes/render.sh              all pictures
#   samples/scenes/render.sh mug bottle   only these pictures
#
# The result is repeatable with the same program versions: each scene is
# rendered on one thread, the area lights use a fixed grid without jitter, and
# the grain added to the photographs comes from fixed seeds.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
out=$(dirname "$here")

for tool in povray vips; do
  command -v "$tool" >/dev/null || {
    echo "render.sh: $tool is missing (Debian: apt-get install povray libvips-tools)" >&2
    exit 1
  }
done

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# ray NAME PNG WIDTH HEIGHT [more POV-Ray options]
ray() {
  local name=$1 png=$2 w=$3 h=$4
  shift 4
  if ! (cd "$here" && nice -n 10 povray "+I$name.pov" "+O$png" "+W$w" "+H$h" \
      +MV3.7 -D -P -V +FN16 File_Gamma=sRGB +Q11 +BM2 +A0.1 +AM2 +R2 -J +WT1 "$@") \
      >"$png.log" 2>&1; then
    tail -n 20 "$png.log" >&2
    return 1
  fi
}

# photo NAME WIDTH HEIGHT SEED: a JPEG with a little grain, as from a camera.
photo() {
  local name=$1 w=$2 h=$3 seed=$4 t=$work/$1 c
  ray "$name" "$t.png" "$w" "$h"
  for c in 1 2 3; do
    vips gaussnoise "$t-n$c.v" "$w" "$h" --mean 0 --sigma 320 --seed $((seed * 10 + c))
  done
  vips gaussblur "$t.png" "$t-soft.v" 0.6 --precision float
  vips bandjoin "$t-n1.v $t-n2.v $t-n3.v" "$t-noise.v"
  vips add "$t-soft.v" "$t-noise.v" "$t-sum.v"
  vips linear "$t-sum.v" "$t-8.v" 0.00389105 0.5   # 1/257, rounded
  vips cast "$t-8.v" "$t-u8.v" uchar
  vips copy "$t-u8.v" "$t-rgb.v" --interpretation srgb
  vips jpegsave "$t-rgb.v" "$t.jpg" --Q 92 --strip --optimize-coding --subsample-mode off
  mv "$t.jpg" "$out/$name.jpg"
  report "$out/$name.jpg"
}

# cutout NAME WIDTH HEIGHT: the object alone, RGBA with soft edges.
cutout() {
  local name=$1 w=$2 h=$3 t=$work/$1-cutout
  ray "$name" "$t.png" "$w" "$h" +UA +R3 Declare=Cutout=1
  vips linear "$t.png" "$t-8.v" 0.00389105 0.5
  vips cast "$t-8.v" "$t-u8.v" uchar
  vips copy "$t-u8.v" "$t-rgba.v" --interpretation srgb
  vips pngsave "$t-rgba.v" "$t-8.png" --compression 9 --strip
  mv "$t-8.png" "$out/$name-cutout.png"
  report "$out/$name-cutout.png"
}

report() {
  echo "wrote samples/$(basename "$1") ($(vipsheader -f width "$1") x $(vipsheader -f height "$1"), $(wc -c <"$1") bytes)"
}

picture() {
  case $1 in
    mug)         photo mug 1200 900 1 ;;
    bottle)      photo bottle 900 1200 2 ;;
    lamp)        photo lamp 1200 900 3 ;;
    lamp-cutout) cutout lamp 1200 900 ;;
    toycar)      photo toycar 1200 900 4 ;;
    *)
      echo "render.sh: no picture named $1 (mug, bottle, lamp, lamp-cutout, toycar)" >&2
      return 2
      ;;
  esac
}

# Two pictures at a time.
pictures=("$@")
if [ ${#pictures[@]} -eq 0 ]; then pictures=(mug bottle lamp toycar lamp-cutout); fi
failed=0
running=0
for name in "${pictures[@]}"; do
  if ((running == 2)); then
    wait -n || failed=1
    running=1
  fi
  picture "$name" &
  running=$((running + 1))
done
while ((running > 0)); do
  wait -n || failed=1
  running=$((running - 1))
done
exit "$failed"
