#!/usr/bin/env bash
# Installs what is missing, builds with release flags, makes the inputs once and prints what the
# commands cost as whole processes, each against its floor in the same rounds.
#
#   tests/benchmarks/commands/run.sh [-n ROUNDS] [PATTERN]
#
# ROUNDS overrides the table's; PATTERN, as grep -E takes it, chooses rows by their text.
set -euo pipefail

# The goals, how often to measure, the exit status of the command, and what is run. `--help` alone
# stands for that of every command, of which the slowest is shown.
rows() {
    cat <<'END'
x goal | MiB goal | rounds | status | title | floor | command
4    | -  | 41 | 2 | `prepare_object_mask` without arguments | command_empty | prepare_object_mask
4    | -  | 41 | 0 | slowest `--help` | command_empty | --help
6    | -  | 41 | 0 | `prepare_object_mask`, PNG of 256 pixels a side | command_empty | prepare_object_mask --image in/product_256.png --out out/mask.png
1.6  | 12 | 15 | 0 | the same, JPEG, `--feather 4` | command_floors jpeg in/product.jpg | prepare_object_mask --image in/product.jpg --feather 4 --out out/mask.png
1.3  | 12 | 15 | 0 | the same, PNG | command_floors png in/product.png | prepare_object_mask --image in/product.png --feather 4 --out out/mask.png
1.3  | 12 | 15 | 0 | the same, PNG with `--mode alpha` | command_floors png in/cutout.png | prepare_object_mask --image in/cutout.png --mode alpha --feather 4 --out out/mask.png
-    | 40 | 5  | 0 | the same, JPEG of 100 megapixels | command_floors jpeg in/product_100mp.jpg | prepare_object_mask --image in/product_100mp.jpg --feather 4 --out out/mask.png
2.5  | -  | 9  | 0 | the same, `--mode backdrop`, photo | command_floors jpeg in/photo.jpg | prepare_object_mask --image in/photo.jpg --mode backdrop --out out/mask.png
2.5  | -  | 9  | 0 | the same, `--mode backdrop`, product | command_floors jpeg in/product.jpg | prepare_object_mask --image in/product.jpg --mode backdrop --out out/mask.png
20   | 12 | 21 | 0 | `mask_inpaint --mask-only`, rectangle, feather 8 | command_empty | mask_inpaint --mask-only --image in/photo.jpg --prompt x --region rect-pct:20:20:40:40 --feather 8 --mask-dir out
20   | 12 | 21 | 0 | the same, ellipse grown by 6 | command_empty | mask_inpaint --mask-only --image in/photo.jpg --prompt x --region ellipse-pct:20:20:40:40 --expand 6 --feather 8 --mask-dir out
1.4  | 52 | 7  | 0 | `outpaint_image --prepare-only`, mirror | command_floors canvas in/photo.jpg 512 | outpaint_image --prepare-only --image in/photo.jpg --expand 512 --mode mirror --work-dir out
1.4  | 52 | 7  | 0 | the same, transparent | command_floors canvas in/photo.jpg 512 | outpaint_image --prepare-only --image in/photo.jpg --expand 512 --mode transparent --work-dir out
1.4  | 52 | 7  | 0 | the same, solid | command_floors canvas in/photo.jpg 512 | outpaint_image --prepare-only --image in/photo.jpg --expand 512 --mode solid --work-dir out
1.6  | 52 | 7  | 0 | the same, blur 24, exact | command_floors canvas in/photo.jpg 512 | outpaint_image --prepare-only --image in/photo.jpg --expand 512 --mode blur --work-dir out
1.6  | 4  | 9  | 0 | `fal_client to-data-uri`, 200 MB | command_floors copy in/noise_200mib.mp4 | fal_client to-data-uri in/noise_200mib.mp4
1.7  | 16 | 9  | 0 | `fal_client run --inline`, MP4 of 190 MB | command_floors send in/clip.mp4 PORT | fal_client run fal-ai/kling-video/o3/pro/video-to-video/edit {"prompt":"x","video_url":"in/clip.mp4"} --inline
3    | -  | 41 | 0 | `video_preflight`, MP4 of 190 MB | command_floors ends in/clip.mp4 | video_preflight in/clip.mp4
1.15 | -  | 21 | 3 | the same, MKV | command_load_avformat | video_preflight in/clip.mkv
END
}

floor_name() { # COMMAND
    case $1 in
    command_empty) echo "empty program" ;;
    command_load_avformat) echo "loading libavformat" ;;
    "command_floors jpeg "*) echo "banded decode" ;;
    "command_floors png "*) echo "one-shot inflate" ;;
    "command_floors canvas "*) echo "the canvas" ;;
    "command_floors copy "*) echo "read and write" ;;
    "command_floors send "*) echo "read and send" ;;
    "command_floors ends "*) echo "head and tail" ;;
    esac
}

usage() {
    sed -n '2,/^set/ s/^# \{0,1\}//p' "$0"
    exit 2
}

build() {
    .ci/prepare build bench
    cmake --preset bench
    cmake --build --preset bench
}

# A second of moving noise with sound, again and again: nine seconds of some 190 MB.
make_clips() {
    local second=in/second.mp4
    [ -f in/clip.mkv ] && return
    command -v ffmpeg >/dev/null || {
        echo "run.sh: ffmpeg is missing, and with it the rows of clips" >&2
        return
    }
    ffmpeg -v error -y -f lavfi -i testsrc2=size=1920x1080:rate=30:duration=1,noise=alls=60:allf=t \
        -f lavfi -i sine=440:duration=1 -c:v libx264 -preset ultrafast -crf 29 -pix_fmt yuv420p \
        -c:a aac "$second"
    ffmpeg -v error -y -stream_loop 8 -i "$second" -c copy in/clip.mp4
    ffmpeg -v error -y -i "$second" -c copy in/clip.mkv
    rm "$second"
}

# Takes uploads on a port of the loopback until this script ends; sets `port` and what fal_client
# looks at.
serve_uploads() {
    rm -f port
    command_floors serve >port &
    # shellcheck disable=SC2064 # The process of now.
    trap "kill $!" EXIT
    until [ -s port ]; do sleep 0.05; done
    port=$(<port)
    export EDITPREP_FAL_RUN_URL=http://127.0.0.1:$port EDITPREP_STATE_DIR=$PWD/state FAL_KEY=id:secret
}

line() { # LABEL STATUS COMMAND
    printf '%s\t%s\t%s\n' "$1" "$2" "${3// /$'\t'}"
}

# A line of command_timer for each command but scripts, which start no faster than their shell.
every_help() {
    local path name
    for path in "$bin"/*; do
        name=$(basename "$path")
        [ "$(head -c 2 "$path")" = '#!' ] || line "$name" 0 "$name --help"
    done
}

measure() { # ROUNDS STATUS FLOOR COMMAND
    {
        line floor 0 "$3"
        if [ "$4" = --help ]; then every_help; else line "" "$2" "$4"; fi
    } | command_timer "$1" | sort -t $'\t' -k 3,3nr | head -n 1
}

# The size in MB of the largest file that a command wrote.
written() {
    find out -type f -printf '%s\n' | sort -n | awk 'END { if (NR) printf "%.2f", $1 / 1e6 }'
}

row() { # X_GOAL MIB_GOAL ROUNDS STATUS TITLE FLOOR COMMAND
    local label ms ratio cpu_ratio peak
    rm -rf out
    mkdir out
    # Not parted by tabs, of which `read` takes several for one: a label may be empty.
    IFS=$'\x1f' read -r label ms ratio cpu_ratio peak < <(
        measure "${rounds:-$3}" "$4" "${6/PORT/$port}" "$7" | tr '\t' '\037'
    ) || ms=fails
    [ "$2" = - ] || peak="$peak ($2)"
    echo "| $5${label:+: \`$label\`} | $(floor_name "$6") | $ms | $ratio | ${1#-} | $cpu_ratio | $peak | $(written) |"
}

table() {
    local x mib count status title floor command
    echo "| command | floor | ms | x floor | goal | CPU, x floor | peak MiB (goal) | MB written |"
    echo "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |"
    rows | sed -e 1d -e 's/ *| */|/g' | grep -E -e "${pattern:-.}" |
        while IFS='|' read -r x mib count status title floor command; do
            case $command in *in/clip.*) [ -f in/clip.mkv ] || continue ;; esac
            row "$x" "$mib" "$count" "$status" "$title" "$floor" "$command"
        done
}

rounds=
while getopts n: option; do
    case $option in
    n) rounds=$OPTARG ;;
    *) usage ;;
    esac
done
shift $((OPTIND - 1))
pattern=${1:-}

cd "$(dirname "${BASH_SOURCE[0]}")/../../.."
build >&2
bin=$PWD/build-bench/bin
PATH=$bin:$PWD/build-bench/tests:$PATH
mkdir -p build-bench/commands
cd build-bench/commands
command_inputs in
make_clips
serve_uploads
table
