"""Ctrl-C and being told to end: whatever was started is stopped."""

import os
import signal
import subprocess
from pathlib import Path

import pytest

from takeaway.engine.home import Home
from takeaway.engine.ports import free_port
from takeaway.paths import TOOLS
from tests.fakes.people import eventually

pytestmark = pytest.mark.engine
TAKEAWAY = str(TOOLS / "takeaway")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("command", ["up", "demo"])
def test_an_interrupt_leaves_no_process_behind(
    command: str, number: signal.Signals, home: Home, tmp_path: Path
) -> None:
    """It comes while the templates are synthesized: the engine runs, and two tools with children of their own."""
    own = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "TAKEAWAY_"))}
    own |= {"TAKEAWAY_HOME": str(home.folder), "TMPDIR": str(tmp_path)}
    port = ["--port", str(free_port())] if command == "up" else []
    running = subprocess.Popen(
        [TAKEAWAY, command, *port], env=own, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    eventually(lambda: list(tmp_path.glob("**/cdk.out")), "a synthesis that has begun")
    family = descendants(running.pid)
    assert len(family) >= 2
    running.send_signal(number)
    _, said = running.communicate(timeout=30)
    assert running.returncode != 0
    assert "Traceback" not in said
    eventually(lambda: not any(map(lives, family)), f"the end of {family}")
    assert not home.locked()


def descendants(pid: int) -> set[int]:
    listed = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    children: dict[int, list[int]] = {}
    for line in listed.splitlines():
        child, parent = map(int, line.split())
        children.setdefault(parent, []).append(child)
    found, todo = set[int](), [pid]
    while todo:
        new = children.get(todo.pop(), [])
        found.update(new)
        todo += new
    return found


def lives(pid: int) -> bool:
    """Zombies do not count: they only wait for their parent to notice."""
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False).stdout
    return bool(state.strip()) and not state.strip().startswith("Z")
