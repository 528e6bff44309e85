"""The program as a person runs it, in a process of its own."""

import os
import subprocess
from collections.abc import Mapping

from takeaway.paths import TOOLS
from takeaway.waiting_shown import without_waits

Done = subprocess.CompletedProcess[str]


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
    return subprocess.run(
        [str(TOOLS / "takeaway"), *arguments],
        env={"COLUMNS": "200", **environment}, input=text, capture_output=True, text=True, timeout=seconds, check=False,
    )  # fmt: skip
