#!/usr/bin/env bash
# Fetches what the tests need, then runs them; arguments go to `cargo test`.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/fetch-tools.sh
cargo test --locked "$@"
