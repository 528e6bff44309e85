#!/bin/sh
# Writes every lock file anew, or those of the requirements files that are named: one resolution pins all of them alike.
set -eu
cd "$(dirname "$0")/.."
compile() { uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate "$@"; }
constraints=$(mktemp)
trap 'rm -f "$constraints"' EXIT
if [ $# -eq 0 ]; then
    compile requirements/uv.in --output-file requirements/uv.lock
    compile requirements/engine.in --output-file requirements/engine.lock
    compile requirements/audit.in --output-file requirements/audit.lock
fi
grep -oE '^[A-Za-z0-9_.-]+==[^ ;]+' requirements/engine.lock >"$constraints"
if [ $# -eq 0 ]; then
    compile pyproject.toml --group dev --constraint "$constraints" --output-file requirements/dev.lock
    set -- contexts/*/requirements*.in examples/*/requirements.in
fi
for requirements in "$@"; do
    compile "$requirements" --constraint "$constraints" --output-file "${requirements%.in}.txt"
done
