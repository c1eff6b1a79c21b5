#!/usr/bin/env bash
# Shows which tools notice the faults of tests/fixtures/invalid: writes the table of docs/validation.md anew, or checks with
# --check that it is current. Takes about a minute.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/fetch-tools.sh
cargo build --quiet --locked
exec .tools/python/bin/python scripts/validation-table.py "${CARGO_TARGET_DIR:-target}/debug/hzgchart" "$@"
