"""Run a step of set-up and say how long it has taken.

Usage: python requirements/patient.py WHAT COMMAND [ARGUMENT …]. It needs the standard library alone, because nothing is
installed yet. Commands have takeaway/waiting.py for the same.
"""

import signal
import subprocess
import sys
import time

FIRST = 5.0  # seconds until the first line of progress; each further one takes twice as long
LIMIT = 1800.0
GRACE = 10.0


def main(what: str, *command: str, first: float = FIRST, limit: float = LIMIT) -> int:
    """Run the command and return its exit code.

    Ctrl-C reaches the command as well, because both are in the terminal's foreground.
    """
    print(f"setup: {what}", flush=True)
    began, told = time.monotonic(), first
    with subprocess.Popen(command) as running:  # noqa: S603 - what the Makefile says
        while True:
            try:
                return running.wait(timeout=max(0.0, min(told, limit) - (time.monotonic() - began)))
            except KeyboardInterrupt:
                running.wait()
                return 128 + signal.SIGINT
            except subprocess.TimeoutExpired:
                if told >= limit:
                    return stopped(running, what, limit)
                print(f"… setup: {what} ({told:.0f} s)", file=sys.stderr, flush=True)
                told *= 2


def stopped(running: "subprocess.Popen[bytes]", what: str, limit: float) -> int:
    running.terminate()
    try:
        running.wait(timeout=GRACE)
    except subprocess.TimeoutExpired:
        running.kill()
    print(f"Not done after {limit:.0f} s, and stopped: {what}; what it said is above.", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
