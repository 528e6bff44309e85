"""An engine starts and answers, or fails with a sentence; either way it leaves nothing behind."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from takeaway.errors import EngineDied, NotInstalled, PortInUse
from takeaway.run.engine import process
from takeaway.run.engine.environment import free_port, is_free
from takeaway.run.engine.home import EngineRecord, Home
from tests.fakes.processes import lives

# Answers the engine's health check, and has a child process in place of the engine's functions.
STAND_IN = Path(__file__).with_name("stand_in_engine.py")


def stand_in(*arguments: str) -> tuple[str, ...]:
    return (sys.executable, str(STAND_IN), *arguments)


def started(home: Home, *arguments: str, owned: bool = False) -> EngineRecord:
    return process.start(home, port=free_port(), stage="dev", command=stand_in(*arguments), owned=owned)


def child_of(home: Home) -> int:
    return int((home.scratch / "child.pid").read_text())


def eventually(condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 20
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def test_an_engine_is_known_from_start_to_stop_and_then_gone_with_all_its_children(home: Home) -> None:
    record = started(home)
    child = child_of(home)
    assert home.running() == record
    assert lives(child)
    process.stop(home, record)
    assert home.running() is None
    assert eventually(lambda: not lives(child))
    assert not home.scratch.exists()


def test_an_engine_that_does_not_heed_being_asked_is_made_to_stop(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "GRACE_SECONDS", 0.5)
    record = started(home, "--stubborn")
    child = child_of(home)
    process.stop(home, record)
    assert not home.locked()
    assert eventually(lambda: not lives(child))


def test_stopping_what_has_ended_by_itself_is_no_failure(home: Home) -> None:
    record = started(home)
    os.killpg(record.pid, signal.SIGKILL)
    assert eventually(lambda: not home.locked())
    process.stop(home, record)
    assert home.running() is None


def test_an_engine_that_dies_while_starting_is_told_with_its_last_words(home: Home) -> None:
    with pytest.raises(EngineDied, match="ended while it was starting") as raised:
        started(home, "--die")
    assert "no such planet" in str(raised.value)
    assert str(home.log) in str(raised.value)
    assert not home.locked()
    assert not home.scratch.exists()


def test_an_engine_that_never_answers_is_given_up_and_stopped(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "START_SECONDS", 0.5)
    with pytest.raises(EngineDied, match="did not answer"):
        started(home, "--mute")
    assert not home.locked()


def test_an_interrupt_while_starting_leaves_no_process(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> bool:
        raise KeyboardInterrupt

    monkeypatch.setattr(process, "_await_answer", interrupted)
    with pytest.raises(KeyboardInterrupt):
        started(home)
    assert not home.locked()


def test_a_port_in_use_is_refused_with_the_way_out(home: Home) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        with pytest.raises(PortInUse, match=rf"Port {port} .*--port"):
            process.start(home, port=port, stage="dev", command=stand_in())
    assert not home.folder.exists()
    assert is_free(port)


def test_a_port_that_is_taken_at_the_last_moment_is_told_the_same(home: Home) -> None:
    with pytest.raises(PortInUse):
        started(home, "--late")
    assert not home.locked()


def test_an_engine_that_may_run_anywhere_takes_another_port(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        ports = [listener.getsockname()[1], free_port()]
        monkeypatch.setattr(process, "free_port", iter(ports).__next__)
        record = process.start_anywhere(home, stage="dev")
    process.stop(home, record)
    assert record.port == ports[1]


def test_an_engine_that_is_not_installed_is_told_with_the_way_out(home: Home) -> None:
    with pytest.raises(NotInstalled, match="make setup"):
        process.start(home, port=free_port(), stage="dev", command=("/no/such/python",))


def test_an_owned_engine_ends_with_its_owner_even_if_that_is_killed(home: Home) -> None:
    """The real engine, because the launcher itself watches over its owner."""
    script = (
        "import sys, time; from pathlib import Path; from takeaway.run.engine import process; "
        "from takeaway.run.engine.home import Home; from takeaway.run.engine.environment import free_port; "
        f"process.start(Home(Path({str(home.folder)!r})), port=free_port(), stage='dev', owned=True); "
        "print('started', flush=True); time.sleep(600)"
    )
    owner = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert owner.stdout is not None
    assert owner.stdout.readline() == "started\n"
    assert home.locked()
    owner.kill()
    owner.wait()
    owner.stdout.close()
    assert eventually(lambda: not home.locked())
