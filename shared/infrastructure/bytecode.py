"""Bytecode for a runtime, which can't keep its own: /opt and /var/task are read only, so each start would compile.

Made by an interpreter of the runtime's minor version, which need not be the one that this runs in. It is never checked
against its source (PEP 552), whose time a zip file does not keep. The same interpreter makes the same bytes.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

# What does not compile is a template, or of another Python: it is carried as it is.
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
    """A Python of this minor version: this one, or the first on PATH that starts. None if there is none."""
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
    """Compile what is Python of the files into `folder`, and name each result as it is named in the bundle.

    `below` is where the runtime unpacks them, so that tracebacks name the files that are there.

    Raises FileNotFoundError.
    """
    if not (python := interpreter(version)):
        raise FileNotFoundError(f"There is no Python {version} on PATH any more: synthesize again.")
    jobs = [(str(file), below + name, str(folder / name)) for name, file in files if name.endswith(".py")]
    # Sets have their order from the seed, which is part of the bytes.
    told = {**os.environ, "PYTHONHASHSEED": "0"}
    subprocess.run([python, "-S", "-c", _COMPILE], input=json.dumps(jobs), text=True, check=True, env=told)  # noqa: S603
    yield from ((file.relative_to(folder).as_posix(), file) for file in sorted(folder.rglob("*.pyc")))
