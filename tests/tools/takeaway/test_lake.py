"""Commands on the lake of a running system: they report what its function says, and write nothing unasked."""

import io
from pathlib import Path

import pytest
import typer
from moto import mock_aws
from typer.testing import CliRunner

from contexts.analytics import zones
from contexts.analytics.reader import LakeReader
from takeaway.errors import TakeawayError
from takeaway.run.cli import asking, generate_compact
from takeaway.run.cli.options import Options
from takeaway.run.cli.report import MOST_NEW, report
from takeaway.run.client.functions import invoke
from takeaway.run.client.target import Target
from takeaway.run.engine.home import Home
from tests.fakes import aws


class Functions:
    """A function that fails with a class of error, and says no more."""

    def client(self, _: str) -> "Functions":
        return self

    def invoke(self, **_: object) -> dict[str, object]:
        return {"FunctionError": "Unhandled", "Payload": io.BytesIO(b'{"errorMessage": "", "errorType": "EOFError"}')}


def test_an_error_without_a_text_says_its_class() -> None:
    with pytest.raises(TakeawayError, match="compact-lake failed: EOFError"):
        invoke(Functions(), "compact-lake")  # type: ignore[arg-type]


class Untouched:
    """A system whose lake must not be written to."""

    target = Target(Home(Path("nowhere")), "dev", endpoint="http://127.0.0.1:1")


def generate(monkeypatch: pytest.MonkeyPatch, *, answer: str | None) -> "tuple[int, str]":
    app = typer.Typer()
    app.command()(generate_compact.generate)
    monkeypatch.setattr(Options, "system", lambda _: Untouched())
    monkeypatch.setattr(asking, "is_somebody_there", lambda: answer is not None)
    done = CliRunner().invoke(app, [], input=answer, obj=Options(Home(Path("nowhere")), None, None, lambda *_: None))
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


@pytest.mark.parametrize("number", [MOST_NEW + 1, 5 * MOST_NEW])
def test_the_report_of_a_system_reads_one_list_of_what_is_not_compacted_and_says_that_it_is_not_in_it(
    monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    with mock_aws():
        client = aws.client("s3", "us-east-1")
        client.create_bucket(Bucket="lake")
        names = [zones.raw_object("order_placed", "2026-11-23", str(each)) for each in range(number)]
        aws.filled("lake", [each for name in names for each in (name, zones.marker(name))])
        system = type("Filled", (), {"lake": LakeReader(client, "lake")})()
        monkeypatch.setattr(Options, "system", lambda _: system)
        app = typer.Typer()
        app.command()(report)
        with aws.counted(client) as asked:
            done = CliRunner().invoke(app, [], obj=Options(Home(Path("nowhere")), None, None, lambda *_: None))
    assert (done.exit_code, done.stdout) == (0, "")
    assert f"not compacted yet, more than {MOST_NEW} objects" in done.stderr.replace("\n", " ")
    assert asked == ["ListObjectsV2"] * 6  # markers; aggregates before and after; days of three zones
