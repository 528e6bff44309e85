"""The entry of every command: odd text is refused by the name of its option, and nothing ends in a traceback."""

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

import pytest
import typer

from takeaway import main
from takeaway.errors import Interrupted, TakeawayError, UsageError
from takeaway.run.cli import options
from takeaway.run.cli.command_classes import failure_of
from takeaway.run.client.target import Target
from takeaway.run.engine.home import EngineRecord, Home


class Said(NamedTuple):
    code: int
    out: str
    err: str


Typed = Callable[..., Said]


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Typed:
    """Return a function that runs the program in this process; unexpected exceptions come out."""
    for name in ("AWS_ENDPOINT_URL", "AWS_PROFILE", "TAKEAWAY_STAGE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TAKEAWAY_HOME", str(tmp_path / "home"))

    def run(*arguments: str) -> Said:
        monkeypatch.setattr(sys, "argv", ["takeaway", *arguments])
        code = main._code()
        out, err = capsys.readouterr()
        return Said(code, out, err)

    return run


def commands(group: Any, *words: str) -> Iterator[tuple[tuple[str, ...], Any]]:
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, *words, name)
        else:
            yield (*words, name), command


def texts() -> Iterator[Any]:
    """Yield a call for each parameter that takes text: complete, with odd text for this parameter."""
    for words, command in commands(typer.main.get_command(main.app)):
        for parameter in command.params:
            if parameter.type_descriptor.annotation is str and not getattr(parameter, "is_flag", False):
                needed = [each for each in command.params if each.required and each is not parameter]
                call = [*words]
                for each in needed:
                    call += [max(each.opts, key=len), "x"] if each.param_type_name == "option" else ["x"]
                is_option = parameter.param_type_name == "option"
                call += [max(parameter.opts, key=len)] if is_option else []
                yield pytest.param(call, id=" ".join((*words, str(parameter.name))))


@pytest.mark.parametrize("call", list(texts()))
@pytest.mark.parametrize("odd", ["\udcff", "", "a\x1b[31m"])
def test_odd_text_is_refused_whichever_parameter_it_is_for(typed: Typed, call: list[str], odd: str) -> None:
    said = typed(*call, odd)
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith("✗ ")
    assert "expected" in said.err or "Invalid value" in said.err
    assert "\x1b[31m" not in said.err


def test_odd_text_in_the_environment_is_refused_by_the_name_of_its_variable(
    typed: Typed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TAKEAWAY_STAGE", "a\x1bb")
    assert "TAKEAWAY_STAGE: expected one line" in typed("status").err


@pytest.mark.parametrize("stage", ["Dev", "../x", "a b", "thirteenchars", "ключ"])
def test_a_stage_that_there_can_not_be_is_refused_before_anything_begins(typed: Typed, stage: str) -> None:
    for call in (("--stage", stage, "up"), ("up", "--stage", stage), ("show", "x", "--stage", stage)):
        said = typed(*call)
        assert (said.code, "--stage: expected up to 12 lower-case letters and digits" in said.err) == (2, True)


@pytest.mark.parametrize(
    "call",
    [
        ["journey", "x", "--within", "9" * 400],
        ["dlq", "promotions", "--wait", "9" * 400],
        ["dlq", "promotions", "--limit", "9" * 20],
        ["token", "--role", "customer", "--ttl", "9" * 400],
        ["up", "--accept-timeout", "9" * 20],
        ["up", "--delivery-timeout", "9" * 20],
        ["cost", "--orders", "9" * 400],
        ["capacity", "--orders-per-second", "9" * 400],
        ["generate", "--orders", "9" * 20],
        ["generate", "--seed", "9" * 400],
    ],
)
def test_a_number_that_is_out_of_all_bounds_is_refused(typed: Typed, call: list[str]) -> None:
    said = typed(*call)
    assert (said.code, f"Invalid value for '{call[-2]}'" in said.err) == (2, True)


def test_misuse_is_one_sentence_that_names_the_help(typed: Typed) -> None:
    assert typed("order", "--bogus").err == "✗ No such option: --bogus: see `takeaway order --help`.\n"


def test_a_key_that_no_header_can_carry_is_told_before_anything_is_sent(typed: Typed, tmp_path: Path) -> None:
    file = tmp_path / "order.json"
    file.write_text("{}")
    said = typed("order", str(file), "--idempotency-key", "ключ")
    assert (said.code, "--idempotency-key: expected printable ASCII" in said.err) == (2, True)


def test_a_relative_path_means_the_same_in_whatever_folder_it_is_used(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, typed: Typed
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TAKEAWAY_HOME", "state")
    assert Home().folder == tmp_path / "state"
    assert str(tmp_path / "no-such.json") in typed("order", "no-such.json").err


def stage_of(*arguments: str, failing: str = "") -> str:
    """Return the stage of a command that accepts it before and behind its name."""
    seen: list[str | None] = []

    def look(context: typer.Context, name: str = "x") -> None:
        seen.append(options.of(context).stage)
        if failing:
            raise TakeawayError(failing)

    app = typer.Typer()
    app.callback()(options.reading(lambda *_: None))
    app.command()(options.on_stage(look))
    app([*arguments], standalone_mode=False)
    (stage,) = seen
    return str(stage)


@pytest.mark.parametrize(
    ("arguments", "stage"),
    [
        (["look"], "None"),
        (["--stage", "choreo", "look"], "choreo"),
        (["look", "--stage", "choreo"], "choreo"),
        (["look", "--name", "y", "--stage", "choreo"], "choreo"),
        (["--stage", "dev", "look", "--stage", "choreo"], "choreo"),
    ],
)
def test_the_stage_may_stand_before_the_command_and_behind_it(
    monkeypatch: pytest.MonkeyPatch, arguments: list[str], stage: str
) -> None:
    monkeypatch.delenv("TAKEAWAY_STAGE", raising=False)
    assert stage_of(*arguments) == stage


def test_every_command_that_talks_to_a_system_takes_the_stage_behind_it(typed: Typed) -> None:
    without = {"down", "demo", "compare", "race", "cost", "capacity", "doctor", "new-context", "contracts check"}
    found = {" ".join(words): "stage" in names(each) for words, each in commands(typer.main.get_command(main.app))}
    assert {command for command, takes_it in found.items() if not takes_it} == without | {"contracts diff"}


def names(command: Any) -> set[str]:
    return {str(parameter.name) for parameter in command.params}


@pytest.mark.parametrize(
    ("arguments", "sentence", "told"),
    [
        (["look", "--stage", "choreo"], "No such order.", "Stage choreo: No such order."),
        (["--stage", "choreo", "look"], "Nothing runs as stage choreo.", "Nothing runs as stage choreo."),
        (["look", "--stage", "dev"], "No such order.", "No such order."),
        (["look"], "No such order.", "No such order."),
    ],
)
def test_an_error_names_the_stage_when_it_is_not_the_default(
    monkeypatch: pytest.MonkeyPatch, arguments: list[str], sentence: str, told: str
) -> None:
    monkeypatch.delenv("TAKEAWAY_STAGE", raising=False)
    with pytest.raises(TakeawayError) as raised:
        stage_of(*arguments, failing=sentence)
    failure = failure_of(raised.value)
    assert failure is not None
    assert failure.sentence == told


def test_a_hint_can_be_typed_as_it_stands(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(home, "running", lambda: EngineRecord(pid=1, port=4566, stage="dev"))
    here = "http://127.0.0.1:4566"
    assert Target(home, "dev", endpoint=here).command("accept x") == "takeaway accept x"
    assert Target(home, "choreo", endpoint=here).command("accept x") == "takeaway accept x --stage choreo"
    monkeypatch.setattr(home, "running", lambda: EngineRecord(pid=1, port=4566, stage="choreo"))
    assert Target(home, "choreo", endpoint=here).command("accept x") == "takeaway accept x"
    assert Target(home, "dev", endpoint=here).command("accept x") == "takeaway accept x --stage dev"


@pytest.mark.parametrize(
    ("error", "code", "told"),
    [
        (UsageError("no"), 2, "no"),
        (TakeawayError("no"), 1, "no"),
        (Interrupted(), 130, "Interrupted."),
        (PermissionError(13, "Permission denied", "/root/x"), 1, "/root/x: Permission denied."),
        (OSError(28, "No space left on device"), 1, "No space left on device."),
    ],
)
def test_what_can_go_wrong_is_a_sentence_and_an_exit_code(error: Exception, code: int, told: str) -> None:
    assert failure_of(error) == (code, told)


def test_a_fault_of_the_program_is_not_hidden() -> None:
    assert failure_of(AssertionError()) is None


def test_an_interrupt_of_a_command_is_told_with_what_came_of_it(typed: Typed, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> Home:
        raise KeyboardInterrupt("Interrupted: no engine is left running.")

    monkeypatch.setattr(options, "of", lambda _: SimpleNamespace(target=interrupted, stage=None))
    assert typed("status") == (130, "", "✗ Interrupted: no engine is left running.\n")


def test_an_interrupt_while_the_program_is_still_being_read_is_a_sentence() -> None:
    script = (
        "import os, signal, sys; from takeaway import __main__ as way_in\n"
        "class Early:\n"
        "    def find_spec(self, name, *_):\n"
        "        if name == 'takeaway.main': os.kill(os.getpid(), signal.SIGINT)\n"
        "sys.meta_path.insert(0, Early())\n"
        "way_in.run()"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    assert (done.returncode, done.stderr) == (130, "✗ Interrupted: nothing had begun.\n")
