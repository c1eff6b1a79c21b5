#!/usr/bin/env bash
# Runs the fuzz targets, each for so many seconds (20 without an argument), on the cores there are:
#     scripts/fuzz.sh [SECONDS] [TARGET…]
# A crash, a hang of ten seconds or memory above 256 MiB ends a target; its input is kept in fuzz/artifacts, and the run ends
# non-zero. What was learned is kept in fuzz/corpus for the next run.
set -euo pipefail
cd "$(dirname "$0")/.."
SECONDS_EACH=${1:-20}
shift || true
TARGETS=("$@")
[ ${#TARGETS[@]} -gt 0 ] || TARGETS=(values set yaml archive manifests provenance)
HOST=$(rustc -vV | sed -n 's/^host: //p')
BUILT=${CARGO_TARGET_DIR:-fuzz/target}

# What `cargo fuzz` passes, for the compiler that is there: coverage needs no nightly one. AddressSanitizer would, and has little
# to find in a program without unsafe code. `--target` keeps the flags from build scripts.
RUSTFLAGS="--cfg fuzzing -Cpasses=sancov-module -Ccodegen-units=16
    -Cllvm-args=-sanitizer-coverage-level=4 -Cllvm-args=-sanitizer-coverage-inline-8bit-counters
    -Cllvm-args=-sanitizer-coverage-pc-table -Cllvm-args=-sanitizer-coverage-trace-compares" \
    cargo build --manifest-path fuzz/Cargo.toml --target-dir "$BUILT" --target "$HOST" --release --locked
export BUILT="$BUILT/$HOST/release" SECONDS_EACH
mkdir -p fuzz/artifacts
"$BUILT/seeds" fuzz/seeds

# The longest input of a target, in bytes: what people write, and more.
longest() {
    case $1 in
    set) echo 4096 ;;
    archive) echo 131072 ;;
    *) echo 65536 ;;
    esac
}

run() {
    local log=fuzz/artifacts/$1.log
    mkdir -p "fuzz/corpus/$1"
    if ! "$BUILT/$1" "fuzz/corpus/$1" "fuzz/seeds/$1" -artifact_prefix="fuzz/artifacts/$1-" -dict=fuzz/seeds/keys.dict \
        -max_len="$(longest "$1")" -max_total_time="$SECONDS_EACH" -timeout=10 -rss_limit_mb=256 -use_value_profile=1 \
        -print_final_stats=1 >"$log" 2>&1; then
        printf '\n%s: a finding; its input is in fuzz/artifacts\n' "$1"
        grep -v -E '^#[0-9]+|^	?NEW_FUNC' "$log" | tail -n 60
        return 1
    fi
    local stat covered
    stat() { sed -n "s/^stat::$1: *//p" "$log"; }
    covered=$(grep -oE 'cov: [0-9]+' "$log" | tail -n 1)
    printf '%s: %s inputs, %s edges covered, peak memory %s MiB\n' "$1" "$(stat number_of_executed_units)" \
        "${covered#cov: }" "$(stat peak_rss_mb)"
}
export -f run longest
printf '%s\n' "${TARGETS[@]}" | xargs -P "$(nproc)" -I TARGET bash -c 'run TARGET'
