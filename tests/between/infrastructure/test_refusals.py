"""A synthesis that refuses on purpose prints one sentence and no traceback, whoever has run it."""

from pathlib import Path

import pytest

from shared.infrastructure import schema_registry
from shared.infrastructure.bundle import Bundle
from shared.infrastructure.bundle_contents import RuntimeFiles
from shared.infrastructure.deployment import InvalidParameter
from shared.refusals import REFUSED, Refusal, told_alone
from shared.schema_tools.references import BadReference
from takeaway.errors import SynthesisRefused
from takeaway.run.deploy import cdk


@pytest.mark.parametrize(
    ("context", "told"),
    [
        ({"python": "abc"}, "python: expected a version such as 3.13, got 'abc'"),
        ({"stage": "Staging"}, "stage: expected up to 12 lower-case letters and digits, got 'Staging'"),
        ({"acceptTimeoutSeconds": "0"}, "acceptTimeoutSeconds: expected a whole number of seconds from 1, got '0'"),
    ],
)
def test_a_parameter_that_makes_no_sense_is_told_by_the_app_itself(
    tmp_path: Path, context: dict[str, str], told: str
) -> None:
    with pytest.raises(SynthesisRefused) as raised:
        cdk.synthesize({"dependencies": "engine", **context}, tmp_path / "cdk.out", log=tmp_path / "log")
    assert str(raised.value) == told
    assert "Traceback" not in (tmp_path / "log").read_text()


def test_a_refusal_ends_an_app_with_its_message_and_a_status_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended, told_alone():
        raise InvalidParameter("stage: expected letters")
    assert ended.value.code == REFUSED
    assert capsys.readouterr().err == "stage: expected letters\n"


def test_a_fault_keeps_its_traceback() -> None:
    with pytest.raises(KeyError), told_alone():
        raise KeyError("stage")


def test_a_function_whose_package_is_not_there_is_refused() -> None:
    with pytest.raises(Refusal, match=r"There is no package contexts\.loyalty"):
        Bundle(RuntimeFiles("contexts.loyalty"))


def test_a_schema_that_can_not_be_registered_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def entry(*_: object) -> None:
        raise BadReference("order_placed.v1: #/nowhere leads nowhere")

    monkeypatch.setattr(schema_registry, "entry", entry)
    with pytest.raises(Refusal, match="#/nowhere leads nowhere"):
        schema_registry.registered("order_placed", 1, "takeaway.orders")
