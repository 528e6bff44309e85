#!/bin/sh
# Writes every lock file anew: one resolution (constraints.txt) pins all of them alike.
set -eu
cd "$(dirname "$0")/.."
compile() { uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate "$@"; }
compile requirements/uv.in --output-file requirements/uv.lock
compile requirements/engine.in --output-file requirements/engine.lock
constraints=$(mktemp)
trap 'rm -f "$constraints"' EXIT
grep -oE '^[A-Za-z0-9_.-]+==[^ ;]+' requirements/engine.lock >"$constraints"
compile pyproject.toml --group dev --constraint "$constraints" --output-file requirements/dev.lock
for requirements in contexts/*/requirements*.in takeaway/console/requirements.in; do
    compile "$requirements" --constraint "$constraints" --output-file "${requirements%.in}.txt"
done
