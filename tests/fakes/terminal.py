"""The program as a person sees it: in a terminal of its own, with a given number of columns."""

import fcntl
import os
import pty
import re
import struct
import subprocess
import termios
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Timer

from takeaway.paths import TOOLS

ROWS = 40
ERASED = "\x1b[2K"  # erases the text before it on the line
CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\r")


@dataclass(frozen=True)
class Seen:
    """The output of a program.

    `raw` is all that the terminal got, `lines` the text that stayed on the screen, without colours.
    """

    returncode: int
    raw: str

    @property
    def lines(self) -> list[str]:
        return [CONTROL.sub("", line.rpartition(ERASED)[2]).rstrip() for line in self.raw.split("\n")]


def takeaway(*arguments: str, environment: Mapping[str, str], columns: int = 80, seconds: float = 300) -> Seen:
    return run(str(TOOLS / "takeaway"), *arguments, environment=environment, columns=columns, seconds=seconds)


def run(*command: str, environment: Mapping[str, str], columns: int = 80, seconds: float = 300) -> Seen:
    """Run a program to its end, or kill it when the time is up."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, columns, 0, 0))
    given = {name: value for name, value in environment.items() if name not in ("COLUMNS", "LINES")}
    with subprocess.Popen(
        command, env={**given, "TERM": "xterm-256color"}, stdin=theirs, stdout=theirs, stderr=theirs,
        start_new_session=True,
    ) as running:  # fmt: skip
        os.close(theirs)
        timer = Timer(seconds, running.kill)
        timer.start()
        try:
            raw = b"".join(_read(ours))
        finally:
            timer.cancel()
            os.close(ours)
        return Seen(running.wait(), raw.decode("utf-8", "replace"))


def _read(terminal: int) -> list[bytes]:
    """Read until the other end is closed, which Linux reports as an error."""
    read: list[bytes] = []
    while True:
        try:
            some = os.read(terminal, 65536)
        except OSError:
            return read
        if not some:
            return read
        read.append(some)
