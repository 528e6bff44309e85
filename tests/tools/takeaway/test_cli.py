"""The command line from outside: its messages when it can't do what it is asked, and its exit codes."""

import re
import socket
from collections.abc import Callable
from importlib import metadata
from pathlib import Path

import pytest

from takeaway.main import app
from tests.fakes import command_line

Takeaway = Callable[..., command_line.Done]
COMMANDS = [
    "deploy", "destroy", "orders", "logs",
    "up", "down", "status", "demo", "order", "show", "accept", "reject", "complete", "cancel", "token", "journey",
    "events", "vouchers", "report", "generate", "compact", "outage", "dlq", "redrive", "replay",
    "contracts", "doctor", "cost", "compare", "prove", "race",
]  # fmt: skip
NEED_A_SYSTEM = {
    "destroy": ["promotions"],
    "status": [],
    "token": ["--role", "customer"],
    "orders": [],
    "logs": ["promotions"],
    "show": ["order-1"],
    "accept": ["order-1"],
    "reject": ["order-1"],
    "complete": ["order-1"],
    "cancel": ["order-1"],
    "journey": ["order-1"],
    "events": [],
    "vouchers": [],
    "report": [],
    "generate": [],
    "compact": [],
    "outage": ["promotions"],
    "dlq": ["promotions"],
    "redrive": ["promotions"],
    "replay": ["--to", "promotions", "--from", "2h"],
}


@pytest.fixture
def takeaway(tmp_path: Path) -> Takeaway:
    """Return a function that runs the program as a person without any AWS settings would."""
    own = {"TAKEAWAY_HOME": str(tmp_path / "home"), "AWS_CONFIG_FILE": str(tmp_path / "no-config")}

    def run(*arguments: str, input: str = "", **environment: str) -> command_line.Done:  # noqa: A002
        given = command_line.nobodys_environment() | own | environment
        return command_line.takeaway(*arguments, environment=given, text=input)

    return run


def sentence_of(done: command_line.Done) -> str:
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
    return done.stderr.strip()


def test_the_help_lists_every_command_and_where_to_begin(takeaway: Takeaway) -> None:
    done = takeaway("--help")
    assert done.returncode == 0
    assert [command for command in COMMANDS if f" {command} " not in done.stdout] == []
    assert "takeaway up" in done.stdout


def test_the_help_shows_the_ten_commands_that_one_needs_first_before_the_others(takeaway: Takeaway) -> None:
    shown = takeaway("--help").stdout
    _, _, panels = shown.partition("The ten commands to begin with")
    [first, *others] = panels.split("\n╭─ ")
    commands = re.findall(r"^│ ([a-z-]+) ", first, re.MULTILINE)
    assert commands == ["demo", "up", "status", "order", "orders", "accept", "complete", "journey", "events", "down"]
    assert len(others) > 3


def test_it_says_which_version_it_is_and_of_which_commit(takeaway: Takeaway) -> None:
    done = takeaway("--version")
    assert re.fullmatch(
        rf"takeaway {re.escape(metadata.version('takeaway'))}( \([0-9a-f]{{12}}( and changes)?\))?\n", done.stdout
    )


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("takeaway stat", "status"),
        ("takeaway status prom", "promotions"),
        ("takeaway deploy bu", "bus"),
        ("takeaway outage ana", "analytics"),
        ("takeaway replay --to ana", "analytics"),
        ("takeaway accept la", "last"),
        ("takeaway journey --unt", "--until"),
    ],
)
def test_a_shell_can_complete_what_is_typed(takeaway: Takeaway, typed: str, offered: str) -> None:
    words = {"COMP_WORDS": typed, "COMP_CWORD": str(typed.count(" "))}
    assert takeaway(_TAKEAWAY_COMPLETE="complete_bash", **words).stdout.split() == [offered]


def test_what_a_shell_needs_for_that_can_be_shown_and_installed(takeaway: Takeaway, tmp_path: Path) -> None:
    named = {"_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1"}  # else it depends on the shell that runs the tests
    assert "_TAKEAWAY_COMPLETE" in takeaway("--show-completion", "bash", **named).stdout
    done = takeaway("--install-completion", "bash", HOME=str(tmp_path), **named)
    assert done.returncode == 0
    assert "bash completion installed" in done.stdout
    assert "takeaway" in (tmp_path / ".bashrc").read_text()


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_explains_itself_with_an_example(takeaway: Takeaway, command: str) -> None:
    done = takeaway(command, "--help")
    assert done.returncode == 0
    _, _, example = done.stdout.partition("Example: ")
    assert f"takeaway {command}" in example.splitlines()[0]


@pytest.mark.parametrize("command", NEED_A_SYSTEM)
def test_without_a_running_system_one_sentence_names_the_way_out(takeaway: Takeaway, command: str) -> None:
    done = takeaway(command, *NEED_A_SYSTEM[command])
    assert done.returncode == 1
    assert sentence_of(done) == "✗ No running system: start one with `takeaway up`."


def test_a_command_is_in_the_file_that_has_its_name() -> None:
    commands = [command.callback for command in app.registered_commands]
    misplaced = [each for each in commands if each and each.__name__ not in each.__module__.rpartition(".")[2]]
    assert len(commands) > len(COMMANDS) - 1  # contracts has commands of its own
    assert misplaced == []


def test_an_order_without_a_running_system_is_told_the_same(takeaway: Takeaway) -> None:
    done = takeaway("order", "-", input="{}")
    assert (done.returncode, sentence_of(done)) == (1, "✗ No running system: start one with `takeaway up`.")


def test_an_order_that_is_no_json_is_told_where(takeaway: Takeaway) -> None:
    done = takeaway("order", input='{"items": [}')
    assert done.returncode == 1
    assert "Not JSON" in sentence_of(done)
    assert "column 12" in done.stderr


def test_an_order_file_that_is_not_there_is_told(takeaway: Takeaway) -> None:
    done = takeaway("order", "no-such-file.json")
    assert done.returncode == 1
    assert "no-such-file.json can't be read" in sentence_of(done)


def test_down_with_nothing_running_is_no_failure(takeaway: Takeaway) -> None:
    done = takeaway("down")
    assert (done.returncode, sentence_of(done)) == (0, "Nothing runs here.")


def test_up_on_a_port_in_use_says_so_in_one_sentence(takeaway: Takeaway) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = str(listener.getsockname()[1])
        done = takeaway("up", "--port", port)
    assert done.returncode == 1
    assert f"Port {port} of this machine is in use" in sentence_of(done)
    assert "--port N" in done.stderr


def test_an_endpoint_where_nothing_answers_is_told(takeaway: Takeaway) -> None:
    for command in (["status"], ["up"]):
        done = takeaway(*command, AWS_ENDPOINT_URL="http://127.0.0.1:9")
        assert done.returncode == 1
        assert sentence_of(done)
        assert "http://127.0.0.1:9" in done.stderr


def test_up_on_aws_says_what_to_use_instead(takeaway: Takeaway) -> None:
    done = takeaway("up", AWS_PROFILE="work")
    assert done.returncode == 2
    assert "cdk deploy --all" in sentence_of(done)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["fly"], "No such command"),
        (["token"], "Missing option"),
        (["show"], "Missing argument"),
        (["up", "--port", "http"], "--port"),
        (["up", "--accept-timeout", "0"], "accept-timeout"),
        (["up", "--parameter", "stage"], "NAME=VALUE"),
        (["vouchers", "--customer", " "], "--customer: expected a text, got nothing"),
        (["outage"], "Missing argument"),
        (["cost", "--assume", "luck=1"], "--assume luck: expected one of views_per_order"),
        (["cost", "--mix", "completed=0.5"], "expected shares that add up to 1"),
        (["cost", "--mix", "eaten=1"], "no such way: eaten"),
        (["outage", "promotions", "maybe"], "'on', 'off'"),
        (["dlq", "promotions", "--limit", "0"], "--limit"),
        (["replay", "--from", "2h"], "--to"),
        (["replay", "--to", "promotions"], "--from"),
        (["replay", "--to", "promotions", "--from", "noon"], "--from: expected a time such as"),
        (["replay", "--to", "promotions", "--from", "2h", "--until", "3h"], "--from has to be before --until"),
        (["replay", "--to", "promotions", "--from", "0s"], "--from has to be before --until"),
        (["replay", "--to", "promotions", "--from", "2h", "--until", "2999-01-01T00:00:00Z"], "still to come"),
    ],
)
def test_misuse_is_told_with_exit_code_2(takeaway: Takeaway, arguments: list[str], told: str) -> None:
    done = takeaway(*arguments)
    assert done.returncode == 2
    assert told in sentence_of(done)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--role", "chef"], "customer or restaurant"),
        (["--role", "restaurant"], "--restaurant ID"),
        (["--role", "customer", "--restaurant", "trattoria-roma"], "--role restaurant"),
    ],
)
def test_a_token_for_nobody_is_refused(takeaway: Takeaway, arguments: list[str], told: str) -> None:
    done = takeaway("token", *arguments, AWS_ENDPOINT_URL="http://127.0.0.1:9")
    assert done.returncode == 2
    assert told in sentence_of(done)


def test_without_aws_settings_a_profile_that_is_not_there_is_told(takeaway: Takeaway) -> None:
    done = takeaway("--profile", "work", "status")
    assert done.returncode == 1
    assert "'work' (AWS_PROFILE, or --profile)" in sentence_of(done)


def test_up_with_a_profile_names_what_makes_it_aws(takeaway: Takeaway) -> None:
    assert "AWS_PROFILE" in sentence_of(takeaway("up", AWS_PROFILE="work"))


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--stage", "prod"], "Stage prod must not be destroyed"),
        (["-c", "stage=prod"], "named by --stage"),
        (["--into", "/dev/null"], "--into: expected a folder that can be written, got /dev/null"),
        (["--issuer", "https://issuer.example", "--audience", "app"], "Missing: TAKEAWAY_CUSTOMER_TOKEN, TAKEAWAY_R"),
    ],
)
def test_what_can_not_be_proved_is_refused_before_anything_is_deployed(
    takeaway: Takeaway, tmp_path: Path, arguments: list[str], told: str
) -> None:
    done = takeaway("prove", "--into", str(tmp_path), *arguments, AWS_PROFILE="work")
    assert done.returncode == 2
    assert told in sentence_of(done)


def test_an_engine_that_died_is_told_by_every_command_until_it_is_buried(takeaway: Takeaway, tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home/engine.json").write_text('{"pid": 4711, "port": 4566, "stage": "dev"}')
    for command in (["status"], ["events"], ["show", "order-1"]):
        done = takeaway(*command)
        assert done.returncode == 1
        assert "The engine (process 4711) died; its orders are gone; its log: " in sentence_of(done)
    assert "The engine (process 4711) died" in sentence_of(takeaway("down"))
    assert sentence_of(takeaway("down")) == "Nothing runs here."
