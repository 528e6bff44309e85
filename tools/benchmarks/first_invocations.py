"""Measure init and first invocation separately, with the share of CPU that Lambda gives to a memory size.

Init gets a whole core, which is widely measured but not promised by AWS. In the invocation the process runs for its
share of each 20 ms and is stopped for the rest (SIGSTOP, SIGCONT), which works on Linux and macOS without privileges.
"""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from statistics import median

from tools.benchmarks.cold_starts import FUNCTIONS, environment

WHOLE_CORE = 1769  # MB
MEMORIES = (256, 512, 1024)
# Figures from before adapters were imported in init.
BEFORE = {
    "a step": ("init 75 ms, then 3019 ms", "init 73 ms, then 1231 ms", "init 65 ms, then 531 ms"),
    "the API": ("init 257 ms, then 3360 ms", "init 235 ms, then 1536 ms", "init 232 ms, then 621 ms"),
}
PERIOD = 0.02
ROUNDS = 5
WAITS = "print(flush=True); input()"  # until it is told to go on: init has ended


def rows() -> Iterator[tuple[str, str, str, str]]:
    for name, (load, call) in FUNCTIONS.items():
        for memory, before in zip(MEMORIES, BEFORE.get(name, [""] * len(MEMORIES)), strict=True):
            measured = [started(load, call, memory / WHOLE_CORE) for _ in range(ROUNDS)]
            init, first = (median(each) for each in zip(*measured, strict=True))
            used = memory / 1024 * (init + first) * 1_000_000
            now = f"init {init * 1000:.0f} ms, then {first * 1000:.0f} ms: {used:,.0f} GB-s a million"
            yield f"{name}, {memory} MB", before, now, ""


def started(load: str, call: str, share: float) -> tuple[float, float]:
    """Return the seconds until the handler is loaded, and those of its first call; the process's end is not counted."""
    begun = time.monotonic()
    command = [sys.executable, "-c", f"{load}\n{WAITS}\n{call}\nimport os; os._exit(0)"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment(), text=True
    ) as process:
        if not process.stdout or not process.stdin or not process.stdout.readline():
            raise RuntimeError(f"It did not start: {load}")
        loaded = time.monotonic()
        process.stdin.write("\n")
        process.stdin.flush()
        while process.poll() is None:
            _give(process, share)
        ended = time.monotonic()
        if process.returncode:
            raise RuntimeError(f"It failed: {call}")
        return loaded - begun, ended - loaded


def _give(process: subprocess.Popen[str], share: float) -> None:
    try:
        process.wait(PERIOD * share)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGSTOP)
        time.sleep(PERIOD * (1 - share))
        process.send_signal(signal.SIGCONT)
