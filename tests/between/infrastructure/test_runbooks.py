"""Every alarm has a section of a runbook that helps, every section has an alarm, and its commands can be typed."""

from typing import Any

import pytest
import typer

from takeaway.main import app
from tests.between.infrastructure.conftest import Resources
from tests.fakes.runbooks import Section, sections, takeaway_commands

ALARM, SPOILT = "AWS::CloudWatch::Alarm", "## a\n\n- **Symptom**: x\n- **Meaning**: y\n- **Wake**: z\n- **Commands**:\n"


MISUSED = typer.BadParameter.__mro__[1]  # typer's class for any misuse has no public name


@pytest.fixture(scope="module")
def linked(stacks: dict[str, Resources]) -> dict[str, str]:
    """Return the address of the runbook's section in each alarm's description."""
    alarms = [each["Properties"] for stack in stacks.values() for each in stack.values() if each["Type"] == ALARM]
    return {alarm["AlarmName"]: alarm["AlarmDescription"].rpartition("Runbook: ")[2] for alarm in alarms}


def test_every_alarm_has_a_section_of_its_contexts_runbook(linked: dict[str, str]) -> None:
    written = {section.link for section in sections()}
    assert {alarm: link for alarm, link in linked.items() if link not in written} == {}
    assert len(linked) > 40
    assert {link for alarm, link in linked.items() if f"/{alarm.split('-')[2]}.md#" not in link} == set()


def test_every_section_has_an_alarm(linked: dict[str, str]) -> None:
    assert {section.link for section in sections()} - set(linked.values()) == set()


@pytest.mark.parametrize("section", sections(), ids=lambda section: f"{section.context}-{section.name}")
def test_a_section_says_what_is_seen_and_meant_where_to_look_whom_to_wake_and_what_to_type(
    section: Section,
) -> None:
    assert section.missing == []


def test_a_section_that_lacks_a_part_would_be_noticed() -> None:
    assert Section("x", "a", SPOILT).missing == ["First look", "Commands", "a command"]
    assert Section("x", "a", f"{SPOILT}\n```\naws s3 ls\n```\n").missing == ["First look"]


def refused(arguments: list[str]) -> str:
    """Return the command line's complaint about these arguments, without running the command."""
    command: Any = typer.main.get_command(app)
    root = command.make_context("takeaway", [*arguments])
    try:
        name, found, rest = command.resolve_command(root, [*arguments])
        found.make_context(name, rest, parent=root)
    except MISUSED as error:
        return str(error) or type(error).__name__
    return ""


@pytest.mark.parametrize("arguments", [words for _, words in takeaway_commands()], ids=" ".join)
def test_a_command_of_ours_is_taken_as_it_is_written(arguments: list[str]) -> None:
    assert refused(arguments) == ""


def test_a_command_that_is_not_taken_would_be_noticed() -> None:
    for arguments in (["fly"], ["dlq"], ["dlq", "promotions", "--high"], ["outage", "promotions", "up"], ["replay"]):
        assert refused(arguments)
