#!/usr/bin/env bash
# A batch as an array of four tasks on a real Slurm, by the sbatch script of the samples: put
# together, the parts say what one run of the whole says, nothing is paid for twice, and submitted
# again the array does nothing.
#
#   slurm_test.sh COMMANDS SAMPLES
#
# One node, its controller and its keys live in a temporary folder, as the user who runs this; nothing
# of the machine's own Slurm is touched. Without Debian's slurm-wlm the exit code is 77.
set -euo pipefail

commands=$(cd "$1" && pwd)
samples=$(cd "$2" && pwd)
PATH=$commands:$PATH:/usr/sbin:/sbin

for program in munged slurmctld slurmd sbatch squeue; do
    if ! command -v "$program" >/dev/null; then
        echo "skipped: $program is not installed (Debian's slurm-wlm)"
        exit 77
    fi
done

work=$(mktemp -d)
daemons=()
finish() {
    local code=$?
    if [ "$code" != 0 ]; then
        tail -n 20 "$work"/log/* "$work"/*/editprep-*.log 2>/dev/null || true
    fi
    # The newest first: the node before its controller.
    for ((i = ${#daemons[@]} - 1; i >= 0; i--)); do
        if kill "${daemons[i]}" 2>/dev/null; then
            wait "${daemons[i]}" 2>/dev/null || true
        fi
    done
    rm -rf "$work"
}
trap finish EXIT
trap 'exit 1' INT TERM

fail() {
    echo "FAILED: $*" >&2
    exit 1
}

# wait_for WHAT COMMAND...: until the command ends well, half a minute at most.
wait_for() {
    local what=$1
    shift
    for _ in {1..150}; do
        if "$@" >/dev/null 2>&1; then
            return
        fi
        sleep 0.2
    done
    fail "$what did not come up"
}

# Nothing of an outer job or of the user's own set-up.
unset "${!SLURM_@}" "${!SBATCH_@}" "${!OPENCLAW_@}" "${!FAL_@}" "${!MEDIA_GENERATION_@}" \
    EDITPREP_SHARD_COUNT EDITPREP_STATE_DIR JOB_COMPLETION_INDEX
mkdir "$work"/{home,log,run,slurm,spool,parts,whole}
chmod 755 "$work" "$work/run"
export HOME=$work/home

# --- Slurm ---

head -c 128 /dev/urandom >"$work/munge.key"
chmod 600 "$work/munge.key"
munged --foreground --force --socket="$work/run/munge" --key-file="$work/munge.key" \
    --pid-file="$work/run/munged.pid" --seed-file="$work/run/munge.seed" \
    --log-file="$work/log/munged" >"$work/log/munged.out" 2>&1 &
daemons+=($!)

is_free() { ! (: <"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }
free_port() {
    local port
    while port=$((20000 + RANDOM % 12000)) && ! is_free "$port"; do :; done
    echo "$port"
}

node=$(hostname -s)
export SLURM_CONF=$work/slurm.conf
cat >"$SLURM_CONF" <<END
ClusterName=editprep
SlurmctldHost=$node(127.0.0.1)
SlurmctldPort=$(free_port)
SlurmdPort=$(free_port)
SlurmUser=$(id -un)
SlurmdUser=$(id -un)
AuthType=auth/munge
AuthInfo=socket=$work/run/munge
StateSaveLocation=$work/slurm
SlurmdSpoolDir=$work/spool
SlurmctldPidFile=$work/run/slurmctld.pid
SlurmdPidFile=$work/run/slurmd.pid
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SchedulerParameters=sched_interval=1
NodeName=$node NodeAddr=127.0.0.1 CPUs=$(nproc) State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
END
wait_for munged test -S "$work/run/munge"
slurmctld -D >"$work/log/slurmctld" 2>&1 &
daemons+=($!)
wait_for slurmctld scontrol ping
slurmd -D >"$work/log/slurmd" 2>&1 &
daemons+=($!)
node_is_idle() { [ "$(sinfo --noheader --format=%T)" = idle ]; }
wait_for slurmd node_is_idle

# --- the provider ---

provider_emulator --port 0 --job-seconds 0.1 --setup "$work/emulator" >"$work/log/emulator" 2>&1 &
daemons+=($!)
wait_for provider_emulator grep -q '^LISTENING' "$work/log/emulator"
# shellcheck source=/dev/null
. "$work/emulator/environment.sh"
unset EDITPREP_STATE_DIR

# What the emulator counted in its journal.
submits() {
    local port=${EDITPREP_FAL_RUN_URL%/run}
    port=${port##*:}
    exec 3<>"/dev/tcp/127.0.0.1/$port"
    printf 'GET /_emulator/journal HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n' >&3
    grep -oE '"method": ?"POST"' <&3 | wc -l
    exec 3>&-
}

# --- the batch ---

for folder in parts whole; do
    cp "$samples/mug.jpg" "$work/$folder/"
    for _ in {1..5}; do
        cat <<END
{"prompt":"mug {index}","provider":"openai","model":"m","prefix":"red-{index}","size":"64x64"}
{"mode":"object-edit","image":"mug.jpg","prompt":"","edit_target":"background","provider":"local","fill":"white","prefix":"cut-{index}"}
END
    done >"$work/$folder/batch.jsonl"
    # One that fails, in the third part.
    echo '{"mode":"hologram","prompt":"x"}' >>"$work/$folder/batch.jsonl"
    echo '{"prompt":"the last","provider":"openai","model":"m","prefix":"last"}' \
        >>"$work/$folder/batch.jsonl"
done

# Without what differs from run to run: random parts of names, the answers' own names and times.
facts() {
    sed -E -e 's/_[0-9a-f]{8}/_X/g' -e 's/"seconds": [0-9.e+-]+/"seconds": 0/' \
        -e 's|/files/[0-9a-f-]{36}/|/files/X/|g' -e 's/(created\\": )[0-9]+/\10/' \
        -e '/^  "(summary_out|shard)":/d' "$1"
}

cd "$work/whole"
EDITPREP_STATE_DIR=$work/whole/state generate_batch_media --manifest batch.jsonl \
    --summary-out whole.json --continue-on-error >out 2>err && fail "the bad item passed"
grep -q '"count": 12' whole.json || fail "the whole was not run"
paid_for_whole=$(submits)

cd "$work/parts"
submit_array() {
    timeout 120 sbatch --quiet --wait --output=editprep-%a.log "$samples/cluster/batch.sbatch" \
        batch.jsonl
}
submit_array && fail "no task told of the bad item"
ls batch.parts/[0-3].json >/dev/null
paid_for_parts=$(($(submits) - paid_for_whole))
[ "$paid_for_parts" = "$paid_for_whole" ] ||
    fail "$paid_for_parts requests by the parts, $paid_for_whole by the whole"

generate_batch_media --merge batch.parts/[0-3].json --summary-out merged.json >out 2>err &&
    fail "merging forgot the bad item"
diff <(facts "$work/whole/whole.json") <(facts merged.json) || fail "the parts are not the whole"

# Again: three parts are left alone, and the bad item is all that is left of the fourth.
submit_array && fail "no task told of the bad item the second time"
[ "$(submits)" = $((paid_for_whole + paid_for_parts)) ] || fail "done items were paid for again"
[ "$(grep -l 'this part is done' editprep-[0-3].log | wc -l)" = 3 ] || fail "done parts were run"
generate_batch_media --merge batch.parts/[0-3].json --summary-out again.json >out 2>err || true
diff <(facts merged.json) <(facts again.json | sed 's/"reused": true/"reused": false/') ||
    fail "the second time the parts say something else"

# A single task is no array of its own.
cp batch.jsonl alone.jsonl
timeout 120 sbatch --quiet --wait --array=2 --output=editprep-alone.log \
    "$samples/cluster/batch.sbatch" alone.jsonl && fail "one task was taken for the whole"
grep -q 'EDITPREP_SHARD_COUNT\|one task 2' editprep-alone.log ||
    fail "it was not told that one task is no array"

echo "four tasks of Slurm $(sbatch --version | cut -d ' ' -f 2): the parts are the whole"
