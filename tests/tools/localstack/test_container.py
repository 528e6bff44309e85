"""LocalStack in a container: its release, and the access that compose.yaml gives it."""

import re
import subprocess
from pathlib import Path

import pytest

from takeaway.paths import REPOSITORY, TOOLS
from tools.localstack import NotPossibleHere, __main__, rig
from tools.localstack.__main__ import chosen
from tools.localstack.container import VERSION, VERSION_FOR_A_TOKEN, Container

FILE = REPOSITORY / "compose.yaml"
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
    for named in ("", "/no/such/rig"):
        monkeypatch.setenv(rig.NAMED_BY, named)
        with pytest.raises(NotPossibleHere, match=r"LOCALSTACK_RIG to name the folder .* `make test`"):
            chosen(4567, container_only=False)


def test_where_there_is_no_docker_the_rig_that_is_named_is_taken(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(__main__, "docker_answers", lambda: False)
    (tmp_path / "localstack-rig").touch()
    monkeypatch.setenv(rig.NAMED_BY, str(tmp_path))
    assert chosen(4567, container_only=False) == rig.Rig(4567, command=tmp_path / "localstack-rig")
