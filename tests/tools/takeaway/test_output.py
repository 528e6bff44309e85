"""Output of commands for programs, and text from outside that must not control a terminal."""

import io
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from rich.table import Table

from contexts.console.reader import Entry
from contexts.promotions.reader import Voucher
from takeaway.clock import lasted
from takeaway.errors import TakeawayError
from takeaway.run.cli import accept_reject_cancel_complete, journey_events, order_show_token, output, vouchers
from takeaway.run.cli.output import CarefulConsole, plain, print_json, print_json_line, print_table
from takeaway.run.client.journey import Moment
from takeaway.run.demo.evidence import Evidence

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
SHOWN = [
    Evidence(status="COMPLETED", events=("order_placed",), lake=frozenset({"order_placed", "order_completed"})),
    Moment(NOON, "bus", "order_placed", since_previous=timedelta(milliseconds=1500)),
    Entry("order-1", "id", "event", "order_placed", NOON, {"note": "“さくら”"}, NOON),
    Voucher("order-1", "anna", "K7QF", 215, "EUR", NOON, NOON, None),
]


@pytest.mark.parametrize("value", SHOWN, ids=lambda value: type(value).__name__)
def test_whatever_a_command_shows_can_be_shown_as_json(value: object, capsys: pytest.CaptureFixture[str]) -> None:
    print_json({"listed": [value]})
    (read,) = json.loads(capsys.readouterr().out)["listed"]
    assert read.keys() == vars(value).keys()


def test_times_are_rfc_3339_spans_are_seconds_and_sets_are_in_order(capsys: pytest.CaptureFixture[str]) -> None:
    print_json(SHOWN[:2])
    evidence, moment = json.loads(capsys.readouterr().out)
    assert evidence["lake"] == ["order_completed", "order_placed"]
    assert (moment["at"], moment["since_previous"]) == ("2026-11-23T12:00:00+00:00", 1.5)


def test_an_entry_is_one_line_in_its_own_script(capsys: pytest.CaptureFixture[str]) -> None:
    print_json_line(SHOWN[2])
    assert capsys.readouterr().out.count("\n") == 1
    print_json_line(SHOWN[2])
    assert "さくら" in capsys.readouterr().out


def test_a_short_time_is_told_in_milliseconds() -> None:
    assert (lasted(timedelta(milliseconds=12)), lasted(timedelta(seconds=1.25))) == ("12 ms", "1.2 s")


HOSTILE = "[red]Eve[/] [/] \x1b]0;x\x07\x9b2J\u202e\nOrder  paid"
SPELLED = r"[red]Eve[/] [/] \x1b]0;x\x07\x9b2J\u202e\x0aOrder  paid"
ORDER: dict[str, Any] = {
    "order_id": HOSTILE,
    "status": HOSTILE,
    "reason": HOSTILE,
    "restaurant_id": HOSTILE,
    "customer": {"name": HOSTILE},
    "items": [{"name": HOSTILE, "quantity": 1, "unit_price": {"amount": 950, "currency": "EUR"}}],
    "total": {"amount": 950, "currency": "EUR"},
    "delivery_address": HOSTILE,
    "note": HOSTILE,
    "decision": "rejected",
    "completion": None,
    "history": [{"change": HOSTILE, "about": HOSTILE, "at": HOSTILE}],
}
LINES = {
    "show": lambda: order_show_token.print_order(ORDER),
    "events": lambda: journey_events.print_entry(
        Entry(HOSTILE, "1", "event", HOSTILE, NOON, {"reason": HOSTILE}, NOON)
    ),
    "journey": lambda: journey_events.print_timeline([Moment(NOON, "customer", HOSTILE, HOSTILE)], output.results),
    "vouchers": lambda: vouchers.print_vouchers(
        [Voucher(HOSTILE, HOSTILE, HOSTILE, 215, "EUR", NOON, NOON, None)], output.results
    ),
    "accept": lambda: accept_reject_cancel_complete._tell(
        {**ORDER, "status": "REJECTED"}, "rejected", as_json=False, reason=None
    ),
}  # fmt: skip


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """Return the text that a terminal of 80 columns gets."""
    screen = io.StringIO()
    console = CarefulConsole(file=screen, force_terminal=True, color_system=None, width=80, soft_wrap=True)
    for module in (output, order_show_token, journey_events, vouchers, accept_reject_cancel_complete):
        monkeypatch.setattr(module, "results", console)
    monkeypatch.setattr(output.print_table, "__defaults__", (console,))
    return screen


@pytest.mark.parametrize("command", LINES)
def test_what_came_from_outside_is_shown_as_it_was_written_and_does_nothing(shown: io.StringIO, command: str) -> None:
    LINES[command]()
    said = shown.getvalue()
    assert [character for character in "\x1b\x07\x9b\u202e" if character in said] == []
    assert "[red]Eve[/] [/] " in said
    assert _but_blanks(SPELLED) in _but_blanks(said) or command == "show"  # an address may have several lines
    assert "\nOrder  paid" not in said


def _but_blanks(text: str) -> str:
    """Return the text without blanks and line ends: a terminal's width decides where prose is folded."""
    return "".join(text.split())


def test_a_console_spells_out_whatever_was_forgotten(shown: io.StringIO) -> None:
    output.results.print("a log says \x1b[31mred\x9b\nand goes on")
    assert shown.getvalue() == "a log says \\x1b[31mred\\x9b\nand goes on\n"


def test_text_between_markup_is_literal(shown: io.StringIO) -> None:
    output.results.print(f"[bold]{plain('[link=x]y[/link] [/]')}[/]")
    assert shown.getvalue() == "[link=x]y[/link] [/]\n"


@pytest.mark.parametrize("written", [":smile:", "12:100:30", "KeyError:key:", "a:x:b"])
def test_no_name_or_error_turns_into_an_emoji(shown: io.StringIO, written: str) -> None:
    output.results.print(f"[bold]{plain(written)}[/]")
    listed = Table(written, box=None)
    listed.add_row(plain(written))
    print_table(listed)
    assert shown.getvalue().split() == [written] * 3


@pytest.mark.parametrize("dump", [print_json, print_json_line])
def test_json_stays_json_and_does_nothing_to_a_terminal(
    dump: Callable[[object], None], capsys: pytest.CaptureFixture[str]
) -> None:
    dump(ORDER)
    said = capsys.readouterr().out
    assert json.loads(said) == ORDER
    assert [character for character in "\x1b\x07\x9b\u202e" if character in said] == []


def test_json_is_valid_where_the_output_lacks_a_script(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = io.BytesIO()
    monkeypatch.setattr("sys.stdout", io.TextIOWrapper(screen, encoding="ascii", errors="backslashreplace"))
    print_json({"name": "Zoë さくら"})
    print(end="", flush=True)
    assert json.loads(screen.getvalue()) == {"name": "Zoë さくら"}


def test_no_id_is_cut_or_folded_on_a_narrow_terminal(shown: io.StringIO) -> None:
    table = Table(box=None)
    ids = [f"{number}{'0f83cea8-28b4-5f09-84ec-f665f91ce662' * 2}" for number in range(3)]
    table.add_row(*ids)
    print_table(table)
    assert [id_ for id_ in ids if id_ not in shown.getvalue()] == []


def test_a_journey_is_folded_to_a_narrow_terminal_and_no_line_ends_in_blanks(shown: io.StringIO) -> None:
    detail = "asked to answer within 600 seconds, and whoever does not is told so"
    journey_events.print_timeline(
        [Moment(NOON, "restaurant", "gets the order", detail), Moment(NOON, "bus", "order_placed", "")], output.results
    )
    lines = shown.getvalue().splitlines()
    assert [line for line in lines if len(line) > 80 or line != line.rstrip()] == []
    assert [line.split()[0] for line in lines if "order" in line] == ["12:00:00.000", "12:00:00.000"]
    assert _but_blanks(detail) in _but_blanks(shown.getvalue())


def decided(**fields: object) -> dict[str, Any]:
    return {"order_id": "order-1", "status": "PLACED", "decision": "accepted", "completion": None, **fields}


@pytest.mark.parametrize(
    ("order", "wanted", "told"),
    [
        (decided(status="COMPLETED", completion="completed"), "accepted", "it is completed"),
        (decided(status="ACCEPTED", completion="completed"), "accepted", "it is completed"),
        (decided(status="TIMED_OUT", completion="timed_out"), "accepted", "it is timed_out"),
        (decided(status="FAILED"), "accepted", "it is FAILED"),
        (decided(status="FAILED", decision="cancelled"), "cancelled", "it is FAILED"),
        (decided(status="FAILED", completion="completed"), "completed", "it is FAILED"),
    ],
)
def test_an_act_on_an_order_that_has_gone_on_is_no_success(
    shown: io.StringIO, order: dict[str, Any], wanted: str, told: str
) -> None:
    with pytest.raises(TakeawayError, match=f"can't be {wanted} any more: {told}"):
        accept_reject_cancel_complete._tell(order, wanted, as_json=False)
    assert shown.getvalue() == ""


@pytest.mark.parametrize(
    ("order", "wanted"),
    [
        (decided(), "accepted"),
        (decided(status="ACCEPTED"), "accepted"),
        (decided(status="ACCEPTED", completion="completed"), "completed"),
        (decided(status="COMPLETED", completion="completed"), "completed"),
        (decided(status="REJECTED", decision="rejected", reason="We are out of fish."), "rejected"),
        (decided(status="CANCELLED", decision="cancelled"), "cancelled"),
    ],
)
def test_the_same_act_again_is_one(shown: io.StringIO, order: dict[str, Any], wanted: str) -> None:
    accept_reject_cancel_complete._tell(order, wanted, as_json=False)
    assert shown.getvalue() == f"order-1  {wanted}\n"


def test_a_second_reason_that_nobody_will_hear_is_told(shown: io.StringIO) -> None:
    rejected = decided(status="REJECTED", decision="rejected", reason="We are out of fish.")
    accept_reject_cancel_complete._tell(rejected, "rejected", as_json=False, reason=" We are out of fish. ")
    with pytest.raises(TakeawayError, match=r"for another reason, which stands: We are out of fish\."):
        accept_reject_cancel_complete._tell(rejected, "rejected", as_json=False, reason="We are closed.")
