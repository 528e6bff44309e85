"""The report's commands on a lake in a folder, which need no running system."""

import json
from pathlib import Path

import pytest

from tests.fakes import command_line


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("lake")
    assert takeaway("generate", "--orders", "400", "--days", "3", "--seed", "9", "--lake", str(folder)).returncode == 0
    return folder


def takeaway(*arguments: str) -> command_line.Done:
    return command_line.takeaway(*arguments, environment=command_line.nobodys_environment())


def test_a_generated_lake_is_reported_on_before_and_after_it_is_compacted(lake: Path) -> None:
    truth = json.loads((lake / "truth.json").read_text())
    before = json.loads(takeaway("report", "--lake", str(lake), "--json").stdout)
    assert (before["orders_by_status"], before["events"]) == (truth["orders_by_status"], truth["events"])
    assert json.loads(takeaway("compact", "--lake", str(lake)).stdout)["events_added"] == truth["events"]
    assert json.loads(takeaway("report", "--lake", str(lake), "--json").stdout) == before
    shown = takeaway("report", "--lake", str(lake)).stdout
    assert "trattoria-roma" in shown
    assert "KWD" in shown


def test_the_page_is_written_where_it_is_wanted(lake: Path, tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    result = takeaway("report", "--lake", str(lake), "--html", str(file), "--timezone", "Europe/Rome")
    assert (result.returncode, result.stdout) == (0, "")
    assert str(file) in result.stderr
    assert "Europe/Rome" in file.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["report", "--lake", "/no/such/folder"], "no folder"),
        (["report", "--lake", ".", "--timezone", "Atlantis"], "no timezone 'Atlantis'"),
        (["report", "--lake", ".", "--timezone", "localtime"], "no timezone 'localtime'"),
        (["compact", "--lake", "/no/such/folder"], "no folder"),
        (["generate", "--orders", "0"], "--orders"),
        (["generate", "--days", "0"], "--days"),
    ],
)
def test_what_makes_no_sense_is_refused_in_a_sentence(arguments: list[str], said: str) -> None:
    result = takeaway(*arguments)
    assert result.returncode == 2
    assert said in result.stderr
    assert "Traceback" not in result.stderr


def test_a_lake_beside_one_whose_name_is_a_pattern_keeps_its_own_figures(lake: Path) -> None:
    (lake.parent / "lakes").mkdir()
    for name, orders in (("lake[1]", "30"), ("lake1", "20")):
        folder = str(lake.parent / "lakes" / name)
        takeaway("generate", "--orders", orders, "--days", "1", "--lake", folder)
        assert takeaway("compact", "--lake", folder).returncode == 0
        assert json.loads(takeaway("report", "--lake", folder, "--json").stdout)["orders"] == int(orders)


def test_a_second_history_is_not_mixed_into_a_lake_whose_truth_is_told(lake: Path) -> None:
    truth = (lake / "truth.json").read_text()
    refused = takeaway("generate", "--orders", "10", "--days", "1", "--lake", str(lake))
    assert refused.returncode == 2
    assert f"{lake} has a lake already" in refused.stderr.replace("\n", "")
    assert (lake / "truth.json").read_text() == truth


def test_a_lake_that_can_not_be_written_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    refused = takeaway("generate", "--orders", "10", "--days", "1", "--lake", str(tmp_path / "file"))
    assert refused.returncode == 1
    assert "Traceback" not in refused.stderr


def test_an_object_that_can_not_be_read_is_named_by_both_commands(tmp_path: Path) -> None:
    takeaway("generate", "--orders", "30", "--days", "2", "--lake", str(tmp_path))
    spoilt = next((tmp_path / "raw/event_type=order_placed/date=2026-01-05").iterdir())
    spoilt.write_bytes(spoilt.read_bytes()[:-9])
    name = str(spoilt.relative_to(tmp_path))
    compacted = takeaway("compact", "--lake", str(tmp_path))
    assert (compacted.returncode, json.loads(compacted.stdout)["left"]) == (1, 1)
    reported = takeaway("report", "--lake", str(tmp_path))
    assert reported.returncode == 0
    for said in (compacted.stderr, reported.stderr):
        assert name in said
        assert "Unexpected end of GZIP stream" in said


def test_a_page_that_cannot_be_written_is_told_in_a_sentence(lake: Path) -> None:
    result = takeaway("report", "--lake", str(lake), "--html", "/no/such/folder/report.html")
    assert result.returncode == 1
    assert "/no/such/folder/report.html" in result.stderr
    assert "Traceback" not in result.stderr
