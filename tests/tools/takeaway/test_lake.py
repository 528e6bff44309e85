"""What is done to the lake of a running system: what its function says is told, and nobody is filled in unasked."""

import io
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from takeaway.errors import TakeawayError
from takeaway.run.cli import asking, generate_compact
from takeaway.run.cli.options import Options
from takeaway.run.client.functions import invoke
from takeaway.run.client.target import Target
from takeaway.run.engine.home import Home


class Functions:
    """A function that fails with a class, and says no more."""

    def client(self, _: str) -> "Functions":
        return self

    def invoke(self, **_: object) -> dict[str, object]:
        return {"FunctionError": "Unhandled", "Payload": io.BytesIO(b'{"errorMessage": "", "errorType": "EOFError"}')}


def test_an_error_without_a_text_says_its_class() -> None:
    with pytest.raises(TakeawayError, match="compact-lake failed: EOFError"):
        invoke(Functions(), "compact-lake")  # type: ignore[arg-type]


class Untouched:
    """A system whose lake nobody may write to."""

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
