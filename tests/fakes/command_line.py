"""The program as a person runs it, in a process of its own; what it imports is imported once for all of them."""

import json
import os
import select
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

from takeaway.paths import REPOSITORY
from takeaway.waiting_shown import without_waits

Done = subprocess.CompletedProcess[str]
WIDE = {"COLUMNS": "200"}  # room enough for whole lines
FORKED = [sys.executable, "-m", "tests.fakes.forked"]
_mine = threading.local()  # a thread may wait for what another one types


def nobodys_environment() -> dict[str, str]:
    """Return this process's environment without settings of AWS or of the program."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "TAKEAWAY_"))}


def takeaway(*arguments: str, environment: Mapping[str, str], text: str = "", seconds: float = 120) -> Done:
    """Run the program to its end, whatever its exit code, with room for whole lines.

    Lines about waiting are left out, because there are more of them on a busy machine.
    """
    done = with_waits(*arguments, environment=environment, text=text, seconds=seconds)
    done.stderr = without_waits(done.stderr)
    return done


def with_waits(*arguments: str, environment: Mapping[str, str], text: str = "", seconds: float = 120) -> Done:
    """Run the program, and keep the lines that say what it waited for."""
    with TemporaryDirectory(prefix="takeaway-typed-") as folder:
        files = [Path(folder, name) for name in ("stdin", "stdout", "stderr")]
        for file, content in zip(files, (text, "", ""), strict=True):
            file.write_text(content, encoding="utf-8")
        call = {
            "arguments": arguments,
            "environment": {**WIDE, **environment},
            "folder": str(Path.cwd()),
            "files": [str(file) for file in files],
        }
        code = _answer(_program({**WIDE, **environment}["COLUMNS"]), json.dumps(call), seconds)
        return Done(["takeaway", *arguments], code, *(file.read_text(encoding="utf-8") for file in files[1:]))


def _program(columns: str) -> "subprocess.Popen[str]":
    """Return the imported program, which ends with this process. The terminal's width is read while it is imported."""
    programs = _mine.__dict__.setdefault("programs", {})
    if columns not in programs or programs[columns].poll() is not None:
        programs[columns] = subprocess.Popen(
            FORKED, cwd=REPOSITORY, env=nobodys_environment() | {"COLUMNS": columns},
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True,
        )  # fmt: skip
    return cast("subprocess.Popen[str]", programs[columns])


def _answer(program: "subprocess.Popen[str]", call: str, seconds: float) -> int:
    assert program.stdin is not None
    assert program.stdout is not None
    print(call, file=program.stdin, flush=True)
    ready, _, _ = select.select([program.stdout], [], [], seconds)
    if not ready:
        os.killpg(program.pid, 9)
        raise subprocess.TimeoutExpired(call, seconds)
    return int(program.stdout.readline())
