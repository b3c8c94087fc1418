#!/usr/bin/env bash
# Allocates 100 GB (or so many as the first argument says) with some 50 MB alive, beside real Go.
set -euo pipefail
cd "$(dirname "$0")/../.."
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
goir build tests/programs/std/gc_churn.go -o "$out/goir"
go build -o "$out/go" tests/programs/std/gc_churn.go
for which in go goir; do
    echo "$which:"
    /usr/bin/time -f '%U s user, %S s system, %e s, %M KB' "$out/$which" "${1:-100}" report
done
