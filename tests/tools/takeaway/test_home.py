"""The state folder recognizes its engine, and no other process."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from takeaway.errors import EngineError
from takeaway.run.engine.home import EngineRecord, Home

RECORD = EngineRecord(pid=4711, port=4566, stage="dev")


@pytest.fixture
def holder(home: Home) -> Iterator["subprocess.Popen[bytes]"]:
    """Start a process that holds the lock as an engine does: inherited, and for as long as it lives."""
    with home.lock_to_pass_on() as lock:
        holder = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, pass_fds=[lock])
    yield holder
    holder.communicate()


def test_an_engine_that_holds_the_lock_is_the_recorded_one(home: Home, holder: object) -> None:
    home.remember(RECORD)
    assert home.running() == RECORD


def test_a_record_counts_for_nothing_once_its_engine_has_ended(home: Home, holder: "subprocess.Popen[bytes]") -> None:
    home.remember(RECORD)
    holder.communicate()
    assert home.running() is None


def test_a_living_process_with_the_recorded_id_is_not_taken_for_the_engine(home: Home) -> None:
    with home.lock_to_pass_on():
        home.remember(EngineRecord(pid=os.getpid(), port=4566, stage="dev"))
    assert home.running() is None


def test_nothing_runs_in_a_folder_that_is_not_there(home: Home) -> None:
    assert home.running() is None
    assert not home.folder.exists()


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        '{"pid": 1}',
        '{"pid": 1, "port": 2, "stage": "x", "new": 3}',
        '{"pid": "1", "port": 2, "stage": "x"}',
    ],
)
def test_a_record_that_can_not_be_read_is_none(home: Home, holder: object, content: str) -> None:
    (home.folder / "engine.json").write_text(content)
    assert home.running() is None


def test_two_engines_can_not_start_from_one_folder(home: Home, holder: object) -> None:
    with pytest.raises(EngineError, match="just starting"), home.lock_to_pass_on():
        pass


def test_what_was_deployed_is_remembered_by_stage_and_endpoint(home: Home) -> None:
    home.remember_deployed("dev", "http://one", {"fingerprint": "abc"})
    assert home.deployed("dev", "http://one")["fingerprint"] == "abc"
    assert home.deployed("dev", "http://another") == {}
    assert home.deployed("test", "http://one") == {}


def test_an_engine_that_nobody_stopped_has_died_until_it_is_buried_and_its_log_is_kept(
    home: Home, holder: "subprocess.Popen[bytes]"
) -> None:
    home.remember(RECORD)
    home.log.write_text("its last words")
    assert home.died() is None
    assert home.bury() is None
    holder.communicate()
    assert home.died() == RECORD
    assert RECORD.told(home.log) == f"The engine (process 4711) died; its orders are gone; its log: {home.log}"
    assert home.bury() == RECORD
    assert home.died() is None
    assert home.log_of_dead.read_text() == "its last words"


def test_where_nothing_ran_nothing_has_died(home: Home) -> None:
    assert home.bury() is None
    assert not home.folder.exists()


def test_forgetting_an_engine_leaves_its_log_and_the_key(home: Home) -> None:
    home.scratch.mkdir(parents=True)
    home.remember(RECORD)
    home.remember_deployed("dev", "http://one", {})
    home.log.write_text("log")
    home.issuer_key.write_text("key")
    home.forget()
    assert {file.name for file in home.folder.iterdir()} == {home.log.name, home.issuer_key.name}


def test_the_folder_can_be_chosen_by_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TAKEAWAY_HOME", str(tmp_path))
    assert Home().folder == tmp_path
    assert Home(Path("other")).folder == Path("other").absolute()


HOLDS_ITS_TURN = """
import sys
from pathlib import Path
from takeaway.run.engine.home import Home
with Home(Path(sys.argv[1])).turn("takeaway up --stage anna", print):
    print("has it", flush=True)
    input()
"""


@pytest.fixture
def other(home: Home) -> Iterator["subprocess.Popen[str]"]:
    """Start another command that works in the same folder."""
    command = [sys.executable, "-c", HOLDS_ITS_TURN, str(home.folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout
        assert other.stdout.readline() == "has it\n"
        yield other
        other.kill()


def test_whoever_deploys_waits_for_who_is_at_work_and_is_told_the_command(
    home: Home, other: "subprocess.Popen[str]"
) -> None:
    told: list[str] = []

    def end_it(command: str) -> None:
        told.append(command)
        other.communicate("\n")

    with home.turn("takeaway deploy promotions", end_it):
        assert told == [f"takeaway up --stage anna (process {other.pid})"]


def test_a_command_that_was_killed_is_not_waited_for_and_what_it_was_making_goes(
    home: Home, other: "subprocess.Popen[str]"
) -> None:
    half = home.new_assembly("anna")
    other.kill()
    other.wait()
    with home.turn("takeaway up", pytest.fail):
        assert not half.exists()


def test_two_stages_and_two_runs_of_one_never_share_an_assembly(home: Home) -> None:
    made = [home.new_assembly(stage) for stage in ("dev", "dev", "anna")]
    assert len(set(made)) == 3
    assert home.last_assembly("anna") == made[2]
    assert home.last_assembly("dev") in made[:2]


def test_a_state_folder_is_removed_with_all_that_commands_put_there(home: Home) -> None:
    home.new_assembly("dev")
    home.remember(RECORD)
    home.log.touch()
    assert home.remove()
    assert not home.folder.exists()
    assert home.remove()  # the folder is gone already


def test_a_folder_with_anything_else_in_it_stays_whole(home: Home) -> None:
    home.folder.mkdir()
    home.remember(RECORD)
    (home.folder / "thesis.txt").write_text("mine")
    assert not home.remove()
    assert home.running() is None
    assert sorted(path.name for path in home.folder.iterdir()) == ["engine.json", "thesis.txt"]
