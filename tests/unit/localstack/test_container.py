"""LocalStack in a container: which release, and what compose.yaml lets in."""

import re
import subprocess
from pathlib import Path

import pytest

from takeaway.paths import TOOLS
from tests.localstack import NotPossibleHere, __main__, rig
from tests.localstack.__main__ import chosen
from tests.localstack.container import VERSION, VERSION_FOR_A_TOKEN, Container

FILE = Path(__file__).parents[3] / "compose.yaml"
COMPOSE = FILE.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("given", "version"),
    [
        ({}, VERSION),
        ({"LOCALSTACK_AUTH_TOKEN": ""}, VERSION),
        ({"LOCALSTACK_AUTH_TOKEN": "ls-1"}, VERSION_FOR_A_TOKEN),
        ({"LOCALSTACK_AUTH_TOKEN": "ls-1", "LOCALSTACK_VERSION": "2026.09.0"}, "2026.09.0"),
    ],
)
def test_a_release_that_wants_a_token_is_taken_when_there_is_one(given: dict[str, str], version: str) -> None:
    assert Container(4567).environment(given)["LOCALSTACK_VERSION"] == version


def test_what_compose_reads_is_as_its_specification_says() -> None:
    command = [str(TOOLS / "check-jsonschema"), "--builtin-schema", "vendor.compose-spec", str(FILE)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_by_hand_it_is_the_last_release_without_a_token_and_only_this_machine_reaches_it() -> None:
    assert f"image: localstack/localstack:${{LOCALSTACK_VERSION:-{VERSION}}}\n" in COMPOSE
    ports = re.findall(r'^ +- "(.*):.*:.*"$', COMPOSE.replace("${LOCALSTACK_PORT:-4566}", "4566"), re.MULTILINE)
    assert ports == ["127.0.0.1"]


def test_where_there_is_no_docker_the_way_out_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(__main__, "docker_answers", lambda: False)
    with pytest.raises(NotPossibleHere, match="make test"):
        chosen(4567, container_only=True)
    monkeypatch.setattr(rig, "COMMAND", Path("/no/such/rig"))
    with pytest.raises(NotPossibleHere, match="make test"):
        chosen(4567, container_only=False)
