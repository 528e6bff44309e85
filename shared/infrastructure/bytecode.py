"""Bytecode for a Lambda runtime, without which every cold start compiles all that it imports.

A runtime can't keep its own, because /opt and /var/task are read-only. It is made by an interpreter of the runtime's
minor version, which may be another one than this. It is never checked against its source (PEP 552), because a zip file
does not keep the source's time. The same interpreter makes the same bytes.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

# Files that don't compile are templates, or for another Python: they are carried without bytecode.
_COMPILE = """
import importlib.util, json, pathlib, py_compile, sys
for source, shown, into in json.load(sys.stdin):
    compiled = importlib.util.cache_from_source(into, optimization="")
    try:
        py_compile.compile(source, compiled, shown, True, 0, py_compile.PycInvalidationMode.UNCHECKED_HASH)
    except (py_compile.PyCompileError, ValueError):
        pass
"""


@cache
def interpreter(version: str) -> str | None:
    """Return a Python of this minor version: this one, or the first on PATH that starts. None if there is none."""
    if version == "{}.{}".format(*sys.version_info):
        return sys.executable
    ask = "import sys; print('{}.{}'.format(*sys.version_info))"
    for folder in os.get_exec_path():
        if found := shutil.which(f"python{version}", path=folder):
            said = subprocess.run([found, "-S", "-c", ask], capture_output=True, text=True, check=False)  # noqa: S603 - of PATH
            if said.stdout.strip() == version:
                return found
    return None


def bytecode(
    files: Iterable[tuple[str, Path]], *, version: str, below: str, folder: Path
) -> Iterator[tuple[str, Path]]:
    """Compile the Python files into `folder`, and yield each result with its name in the bundle.

    `below` is where the runtime unpacks the files, so that tracebacks name existing files. Raises FileNotFoundError if
    there is no Python of that version.
    """
    if not (python := interpreter(version)):
        raise FileNotFoundError(f"There is no Python {version} on PATH any more: synthesize again.")
    jobs = [(str(file), below + name, str(folder / name)) for name, file in files if name.endswith(".py")]
    # Fixed, because the order of sets depends on the seed and is part of the bytes.
    told = {**os.environ, "PYTHONHASHSEED": "0"}
    subprocess.run([python, "-S", "-c", _COMPILE], input=json.dumps(jobs), text=True, check=True, env=told)  # noqa: S603
    yield from ((file.relative_to(folder).as_posix(), file) for file in sorted(folder.rglob("*.pyc")))
