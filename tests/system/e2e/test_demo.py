"""The demo as people see it: in a terminal of eighty columns, and where there is none."""

import re

import pytest
from rich.cells import cell_len

from takeaway.run.demo.opening import NEXT, RULE
from tests.fakes import command_line, terminal

pytestmark = pytest.mark.engine
PATIENT = ("--accept-timeout", "30", "--delivery-timeout", "30")  # other tests keep the machine busy
TITLES = [
    "1  One order goes well",
    "2  Nobody answers",
    "3  A neighbour is down",
    "4  Everybody else",
    "5  The same order where nobody is in charge",
]


def environment(**more: str) -> dict[str, str]:
    return command_line.nobodys_environment() | more


def test_in_a_terminal_five_acts_tell_the_rule_in_eighty_columns_and_end_with_what_to_do_next() -> None:
    seen = terminal.takeaway("demo", *PATIENT, environment=environment(NO_COLOR="1"))
    text = "\n".join(seen.lines)
    assert seen.returncode == 0, text
    assert [line for line in seen.lines if cell_len(line) > 80] == []
    assert [line for line in seen.lines if line[:1].isdigit()] == TITLES
    assert re.search(r"→ order_completed +│ .*\n", text)
    assert len(re.findall(r"│ promotions issues voucher [A-Z2-9-]{14}", text)) == 2
    assert "waiting for the restaurant's deadline: 1 s left" in seen.raw
    assert not any("s left" in line for line in seen.lines)
    assert re.search(r"COMPLETED +\d+  the restaurant accepted and delivered", text)
    assert re.search(r"the order is +EXPIRED +PLACED, open", text)
    assert f"The rule: {RULE}" in " ".join(text.split())
    assert [command for command in NEXT if f"   {command}" not in text] == []
    assert not re.search(r"\x1b\[[0-9;]*3[0-7]m", seen.raw)  # a colour


def test_without_a_terminal_there_are_plain_lines_and_with_all_a_log_in_the_order_of_time() -> None:
    done = command_line.with_waits("demo", *PATIENT, "--all", "--timings", environment=environment(), seconds=300)
    assert done.returncode == 0, done.stderr
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f]", done.stdout + done.stderr)
    lines = done.stdout.splitlines()
    assert [line for line in lines if line[:1].isdigit() and line[1:3] == "  "] == TITLES
    times = re.findall(r"^\d\d:\d\d:\d\d\.\d{3}", done.stdout, re.MULTILINE)
    assert len(times) > 100
    assert times == sorted(times)  # fails if midnight comes in between
    assert len(re.findall(r"^   ✓ \d\d-", done.stdout, re.MULTILINE)) == 20
    assert any(line.startswith("in all ") for line in lines)
    assert "s left" in done.stderr
