#!/bin/sh
# Checks the interpreter that set-up is given ($1; $2 is how make came by it), and removes the environments when another
# interpreter made them, or this folder when it had another name: their scripts name both.
set -eu
cd "$(dirname "$0")/.."
identity() { "$1" -c 'import sys; print("Python %d.%d.%d of " % sys.version_info[:3] + sys.base_prefix)' 2>/dev/null; }
refuse() { echo "Takeaway needs Python 3.11 or newer: $1" >&2; exit 1; }

given=
case $2 in "command line" | environment*)
    given=$(identity "$1") || refuse "PYTHON=$1 does not run, so it is no interpreter"
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || refuse "PYTHON=$1 is $given" ;;
esac
test -e .venv || exit 0
if ! made=$(identity .venv/bin/python); then
    why="its interpreter is gone"
elif [ -n "$given" ] && [ "$given" != "$made" ]; then
    why="it has $made, and PYTHON=$1 is $given"
elif [ -s .venv/.uv ] && [ "$(cat .venv/.uv)" != "$PWD" ]; then
    why="it was made in $(cat .venv/.uv)"
else
    exit 0
fi
echo "setup: the virtual environment is made anew: $why"
rm -rf .venv .engine .audit
