"""Ctrl-C and SIGTERM stop everything that was started."""

import os
import signal
import subprocess
from pathlib import Path

import pytest

from takeaway.paths import TOOLS
from takeaway.run.engine.environment import free_port
from takeaway.run.engine.home import Home
from tests.fakes.people import eventually

pytestmark = [pytest.mark.engine, pytest.mark.embedded("engines of this test's own are interrupted")]
TAKEAWAY = str(TOOLS / "takeaway")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("command", ["up", "demo", "prove"])
def test_an_interrupt_leaves_no_process_behind(
    command: str, number: signal.Signals, home: Home, tmp_path: Path
) -> None:
    """The interrupt comes during the synthesis, when the engine and two tools with children are running."""
    own = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "TAKEAWAY_"))}
    own |= {"TAKEAWAY_HOME": str(home.folder), "TMPDIR": str(tmp_path)}
    evidence = tmp_path / "evidence"
    options = {"up": ["--port", str(free_port())], "prove": ["--into", str(evidence)]}.get(command, [])
    running = subprocess.Popen(
        [TAKEAWAY, command, *options],
        env=own,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=heeds_interrupts,  # noqa: PLW1509 - there are no threads here
    )
    eventually(lambda: list(tmp_path.glob("**/cdk.out")), "a synthesis that has begun")
    family = eventually(lambda: found if len(found := descendants(running.pid)) >= 2 else None, "its tools")
    running.send_signal(number)
    _, said = running.communicate(timeout=30)
    assert running.returncode == 128 + number
    assert "Traceback" not in said
    if number is signal.SIGINT:
        assert len([line for line in said.splitlines() if "Interrupted" in line]) == 1
    eventually(lambda: not any(map(lives, family)), f"the end of {family}")
    assert not home.locked()
    assert len(list(evidence.glob("*-incomplete.json"))) == (command == "prove")


def heeds_interrupts() -> None:
    """Restore the handler of Ctrl-C, which a test run in the background of a shell ignores, as would its children."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def processes() -> dict[int, tuple[str, int]]:
    """Return state and parent of every process; from /proc where it exists, since a small Linux has no ps."""
    if Path("/proc/self/stat").exists():
        stats = [text for path in Path("/proc").glob("[0-9]*/stat") if (text := _read(path))]
        rows = [(text.split(" ", 1)[0], *text.rpartition(") ")[2].split(" ")[:2]) for text in stats]
    else:
        command = ["ps", "-A", "-o", "pid=,stat=,ppid="]
        printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        rows = [(pid, state, parent) for pid, state, parent in map(str.split, printed.splitlines())]
    return {int(pid): (state, int(parent)) for pid, state, parent in rows}


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return ""  # the process has just ended


def descendants(pid: int) -> set[int]:
    parents = {child: parent for child, (_, parent) in processes().items()}
    found: set[int] = set()
    while new := {child for child, parent in parents.items() if parent in found | {pid}} - found:
        found |= new
    return found


def lives(pid: int) -> bool:
    """Tell whether a process lives. Zombies do not: they only wait for their parent to notice."""
    state, _ = processes().get(pid, ("Z", 0))
    return not state.startswith("Z")
