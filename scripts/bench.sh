#!/usr/bin/env bash
# Measures hzgchart against Helm 3 and Helm 4 as whole processes, and prints a Markdown table.
# `--quick` takes few runs. `--stream` measures the check of a stream of manifests instead, against kubernetes-validate;
# `--fleet` that of fleets of up to 10,000 entries, against loops over Helm.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/fetch-tools.sh >&2
built=$(cargo build --release --locked --bin hzgchart --message-format json-render-diagnostics |
    python3 -I -S -c '
import json, sys
built = [json.loads(line) for line in sys.stdin]
print(*[m["executable"] for m in built if m.get("executable")], sep="\n")')
# A copy, as installing it makes one, and as Helm's programs are: the kernel maps what a linker wrote in smaller pieces.
install -m 755 "$built" .tools/hzgchart
hzgchart=$PWD/.tools/hzgchart
if [ "${1:-}" = --stream ]; then
    shift
    exec python3 scripts/bench-stream.py "$hzgchart" "$@"
fi
if [ "${1:-}" = --fleet ]; then
    shift
    exec python3 scripts/bench-fleet.py "$hzgchart" "$@"
fi
floor=.tools/floor
if [ ! -x "$floor" ]; then
    echo 'fn main() {}' | rustc -O --edition 2024 --crate-name floor -o "$floor" -
fi
exec python3 -I -S scripts/bench.py "$hzgchart" "$PWD/$floor" "$@"
