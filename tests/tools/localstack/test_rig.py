"""LocalStack by the rig: everything that it started is gone after a run."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.people import eventually
from tools.localstack.rig import Rig

# Like the rig: LocalStack in a process group of its own, which starts a server in another one.
STAND_IN = """#!/bin/sh
cd "$LOCALSTACK_RIG_HOME"
case $1 in
    start)
        rm -f server
        setsid sh -c 'setsid sleep 600 & echo $! >server; wait' &
        echo $! >pid ;;
    stop)
        [ ! -f pid ] || kill -- "-$(cat pid)"
        rm -f pid ;;
esac
"""


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    command = tmp_path / "rig"
    command.write_text(STAND_IN)
    command.chmod(0o755)
    python = tmp_path / "home/functions/bin/python"
    python.parent.mkdir(parents=True)
    python.touch()
    rig = Rig(port=0, folder=tmp_path / "home", command=command)
    yield rig
    rig.stop()


def started(rig: Rig) -> list[int]:
    rig.start()
    files = [rig.folder / name for name in ("pid", "server")]
    eventually(lambda: all(file.exists() and file.read_text().strip() for file in files), "both processes")
    return [int(file.read_text()) for file in files]


def lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="the rig is for Linux")
def test_what_localstack_started_in_a_group_of_its_own_ends_with_it(rig: Rig) -> None:
    processes = started(rig)
    assert all(map(lives, processes))
    rig.stop()
    eventually(lambda: not any(map(lives, processes)), "the end of both")
    rig.stop()  # once more is harmless


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="the rig is for Linux")
def test_a_run_ends_what_an_earlier_one_left_that_was_killed(rig: Rig) -> None:
    processes = started(rig)
    later = started(rig)
    eventually(lambda: not any(map(lives, processes)), "the end of what was left")
    assert all(map(lives, later))


def test_a_rig_that_never_ran_has_nothing_to_stop(tmp_path: Path) -> None:
    Rig(port=0, folder=tmp_path / "nothing", command=tmp_path / "no-rig").stop()
