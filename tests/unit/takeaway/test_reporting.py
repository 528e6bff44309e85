"""The report's commands on a lake in a folder: what a person gets without any system that runs."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from takeaway.paths import TOOLS


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("lake")
    assert takeaway("generate", "--orders", "400", "--days", "3", "--seed", "9", "--lake", str(folder)).returncode == 0
    return folder


def takeaway(*arguments: str) -> "subprocess.CompletedProcess[str]":
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "TAKEAWAY_"))}
    return subprocess.run(
        [str(TOOLS / "takeaway"), *arguments],
        env=environment | {"COLUMNS": "200"}, capture_output=True, text=True, check=False,
    )  # fmt: skip


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


def test_a_page_that_cannot_be_written_is_told_in_a_sentence(lake: Path) -> None:
    result = takeaway("report", "--lake", str(lake), "--html", "/no/such/folder/report.html")
    assert result.returncode == 1
    assert "/no/such/folder/report.html" in result.stderr
    assert "Traceback" not in result.stderr
