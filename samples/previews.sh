#!/usr/bin/env bash
# Make the README's pictures again, into this folder.
#
# Needs the commands in build/bin and Debian's libvips-tools (for `vips`).
#
#   mug-preview.jpg      what samples/first_edit.sh shows
#   cutouts-preview.jpg  a row for each sample: the picture; cut out by corner colour, as the older
#                        skill does, on magenta; by the backdrop's light, on magenta and on white
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
edit=$here/../build/bin/object_select_edit

command -v vips >/dev/null || {
  echo "previews.sh: vips is missing (Debian: apt-get install libvips-tools)" >&2
  exit 1
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# cut_out NAME FILL OUT [more options]
cut_out() {
  local name=$1 fill=$2 out=$3 answer
  shift 3
  answer=$("$edit" --image "$here/$name.jpg" --prompt "" --provider local --edit-target background \
    --fill "$fill" --mask-dir "$work" --out-dir "$work" --quiet "$@")
  mv "$(sed -n 's/^DOWNLOADED: //p' <<<"$answer")" "$out"
}

cells=()
# cell FILE: the next cell of the grid, from left to right, row by row.
cell() {
  local small=$work/cell${#cells[@]}.v
  vips thumbnail "$1" "$small" 300 --height 225
  cells+=("$small")
}

for name in mug bottle lamp toycar; do
  cut_out "$name" "#FF00FF" "$work/older.png" --selection-mode corner-bg --feather 0
  cut_out "$name" "#FF00FF" "$work/magenta.png"
  cut_out "$name" white "$work/white.png"
  for picture in "$here/$name.jpg" "$work/older.png" "$work/magenta.png" "$work/white.png"; do
    cell "$picture"
  done
done
vips arrayjoin "${cells[*]}" "$work/grid.v" --across 4 --shim 6 --background "255 255 255" \
  --halign centre --valign centre
vips jpegsave "$work/grid.v" "$here/cutouts-preview.jpg" --Q 85 --strip --optimize-coding

cut_out mug white "$work/mug.png" --preview "$work/mug-preview.png"
vips thumbnail "$work/mug-preview.png" "$work/mug-preview.v" 1400
vips jpegsave "$work/mug-preview.v" "$here/mug-preview.jpg" --Q 85 --strip --optimize-coding
