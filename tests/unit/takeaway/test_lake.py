"""The lake as commands see it: what is in it, and not what else lies there; and nobody's orders without being asked."""

import gzip
import io
import json
import logging
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import boto3
import pytest
import typer
from moto import mock_aws
from typer.testing import CliRunner

from takeaway.cli import filling
from takeaway.cli.options import Options
from takeaway.client.lake import Lake
from takeaway.client.target import Target
from takeaway.engine.home import Home
from takeaway.errors import TakeawayError

DAY = date(2026, 11, 23)
PLACE = f"event_type=order_placed/date={DAY}"
LINE = {
    "event_id": "e", "event_type": "order_placed", "order_id": "o", "restaurant_id": "r",
    "occurred_at": "2026-11-23T12:00:00.000Z",
}  # fmt: skip
OBJECTS = {
    f"raw/{PLACE}/good.ndjson.gz": gzip.compress(json.dumps(LINE).encode()),
    f"new/{PLACE}/good.ndjson.gz": b"",
    f"raw/{PLACE}/truncated.ndjson.gz": gzip.compress(json.dumps(LINE).encode())[:-9],
    f"raw/{PLACE}/foreign.ndjson.gz": gzip.compress(b"{}"),
    f"raw/{PLACE}/notes.txt": b"nobody's",
    f"raw/{PLACE}/": b"",
    f"new/{PLACE}/of-nothing.ndjson.gz": b"",
    "new/": b"",
    "new/junk.txt": b"",
    "new/../../../escaped": b"",
    "curated/": b"",
}


@pytest.fixture
def lake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Lake]:
    for name, value in (("DEFAULT_REGION", "us-east-1"), ("ACCESS_KEY_ID", "test"), ("SECRET_ACCESS_KEY", "test")):
        monkeypatch.setenv(f"AWS_{name}", value)
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        client = boto3.client("s3")
        client.create_bucket(Bucket="lake")
        for key, content in OBJECTS.items():
            client.put_object(Bucket="lake", Key=key, Body=content)
        yield Lake(Target(Home(tmp_path / "home")), "lake")


def test_lines_are_those_that_can_be_read_and_the_others_are_named(
    lake: Lake, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        assert [line.event_id for line in lake.lines([DAY])] == ["e"]
    assert sorted(record.getMessage().partition(" can't")[0] for record in caplog.records) == [
        f"raw/{PLACE}/foreign.ndjson.gz", f"raw/{PLACE}/truncated.ndjson.gz",
    ]  # fmt: skip
    assert all(record.getMessage().partition(": ")[2] for record in caplog.records)


def test_a_copy_has_what_a_report_needs_and_stays_in_its_folder(lake: Lake, tmp_path: Path) -> None:
    folder = tmp_path / "a/b/copy"
    lake.copy_to(folder)
    found = {str(each.relative_to(folder)) for each in folder.rglob("*") if each.is_file()}
    marked = {f"{zone}/{PLACE}/good.ndjson.gz" for zone in ("raw", "new")}
    assert found == marked | {f"new/{PLACE}/of-nothing.ndjson.gz"}
    assert not list(tmp_path.rglob("escaped"))


class Functions:
    """A function that fails with a class, and says no more."""

    def client(self, _: str) -> "Functions":
        return self

    def invoke(self, **_: object) -> dict[str, object]:
        return {"FunctionError": "Unhandled", "Payload": io.BytesIO(b'{"errorMessage": "", "errorType": "EOFError"}')}


def test_an_error_without_a_text_says_its_class() -> None:
    with pytest.raises(TakeawayError, match="compact-lake failed: EOFError"):
        Lake(Functions(), "lake").compact("compact-lake")  # type: ignore[arg-type]


class Untouched:
    """A system whose lake nobody may write to."""

    target = Target(Home(Path("nowhere")), "dev", endpoint="http://127.0.0.1:1")


def generate(monkeypatch: pytest.MonkeyPatch, *, answer: str | None) -> "tuple[int, str]":
    app = typer.Typer()
    app.command()(filling.generate)
    monkeypatch.setattr(Options, "system", lambda _: Untouched())
    monkeypatch.setattr(filling, "is_somebody_there", lambda: answer is not None)
    done = CliRunner().invoke(app, [], input=answer, obj=Options(Home(Path("nowhere")), None, None))
    return done.exit_code, f"{done.output} {done.exception}"


@pytest.mark.parametrize("answer", [None, "n\n", "\n", ""])
def test_invented_orders_go_into_the_lake_of_the_running_system_only_if_somebody_agrees(
    monkeypatch: pytest.MonkeyPatch, answer: str | None
) -> None:
    code, said = generate(monkeypatch, answer=answer)
    assert code != 0
    assert "stage dev on http://127.0.0.1:1" in said
    assert "--lake FOLDER" in said


def test_who_agrees_is_obeyed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    filled: list[Path] = []
    lake = type("Filled", (), {"add": lambda _, folder: filled.append(folder)})()
    monkeypatch.setattr(Untouched, "lake", lake, raising=False)
    assert generate(monkeypatch, answer="y\n")[0] == 0
    assert len(filled) == 1
