#!/bin/sh
# Runs mypy, which reads the CDK's types for over a minute: what it knows of these very packages is kept in the person's
# cache, for the next clone. It looks at each file's contents before it believes any of that.
set -eu
cd "$(dirname "$0")/.."
kept="${XDG_CACHE_HOME:-$HOME/.cache}/takeaway/types"
packages=$(cat requirements/dev.lock pyproject.toml | cksum | tr ' ' -)
if [ ! -d .mypy_cache ] && [ -d "$kept/$packages" ]; then
    cp -R "$kept/$packages" .mypy_cache
fi
mypy
if [ ! -d "$kept/$packages" ] && mkdir -p "$kept" 2>/dev/null; then
    new=$(mktemp -d "$kept/.new-XXXXXX")
    cp -R .mypy_cache/. "$new"
    rm -rf "$kept"/[!.]*
    mv "$new" "$kept/$packages"
fi
