"""A command's own engine leaves nothing behind, except the logs of a run that failed."""

from pathlib import Path

import pytest

from takeaway.errors import StoryDiffers
from takeaway.run.engine import passing, process
from takeaway.run.engine.home import EngineRecord


@pytest.fixture(autouse=True)
def stand_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr(process, "start_anywhere", lambda *_, **__: EngineRecord(pid=1, port=2, stage="demo"))
    monkeypatch.setattr(process, "stop", lambda *_: None)


def run(error: BaseException | None) -> Path:
    """Run a command with an engine of its own. Returns the path of the engine's log."""
    with passing.engine_of_its_own("demo", stage="demo") as (home, _):
        home.scratch.mkdir(parents=True)
        home.log.write_text("all that it said")
        (home.folder / "nobody").mkdir()
        (home.folder / "nobody" / "deploy.log").write_text("cdk")
        log = home.log
        if error:
            error.add_note(str(log))
            raise error
    return log


def test_of_a_run_that_goes_well_nothing_is_left(tmp_path: Path) -> None:
    run(None)
    assert list(tmp_path.iterdir()) == []


def test_of_a_run_that_fails_the_logs_can_be_read_where_its_message_says(tmp_path: Path) -> None:
    with pytest.raises(StoryDiffers) as raised:
        run(StoryDiffers(["01: it was never placed"], Path("engine.log")))
    assert str(raised.value).endswith("- 01: it was never placed\n  The engine's log: engine.log")
    [log] = [Path(note) for note in raised.value.__notes__]
    assert log.read_text() == "all that it said"
    left = sorted(file.relative_to(log.parent).as_posix() for file in tmp_path.rglob("*") if file.is_file())
    assert left == ["engine.log", "nobody/deploy.log"]


def test_of_a_run_that_is_interrupted_nothing_is_left(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        run(KeyboardInterrupt())
    assert list(tmp_path.iterdir()) == []
