"""The checker of labs refuses each kind of mistake that it is there for."""

import pytest

from tools.labs.lesson import PAGES, WrongPage, read, steps_of
from tools.labs.seeing import REST, aligned, lines_of, refreshed

JOURNEY = """
1b621df4-f29a-52bb-b35b-2820b50dd594  ACCEPTED
time            after  who         what
04:50:52.210           bus         order_placed
04:50:54.166   +92 ms  bus         restaurant_notified
04:50:55.666   +1.5 s  bus         order_accepted
04:50:56.318  +597 ms  customer    gets the e-mail “5.00 EUR off your next order”
04:50:56.334   +15 ms  promotions  issues voucher 47YH-4TNR-TCWM
"""
SHOWN = [(page.stem, shown.text) for page in PAGES for step in read(page) for shown in step.shown]


def fits(shown: str, seen: str) -> bool:
    return aligned(lines_of(shown), lines_of(seen)) is not None


def test_ids_times_and_codes_may_differ() -> None:
    later = (
        JOURNEY.replace("1b621df4", "99999999")
        .replace("04:50:5", "23:59:1")
        .replace("+92 ms", "")
        .replace("47YH", "XYXY")
    )
    assert later != JOURNEY
    assert fits(JOURNEY, later)


def test_a_function_may_have_moved_within_its_file() -> None:
    assert fits(
        "contexts/promotions/handlers/issue_voucher.py:20, at …",
        "contexts/promotions/handlers/issue_voucher.py:22, at 1 s",
    )
    assert not fits("issue_voucher.py:20, at …", "ingest_events.py:20, at 1 s")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("ACCEPTED", "PLACED"),
        ("5.00 EUR", "5.01 EUR"),
        ("order_accepted", "order_rejected"),
        ("bus         order_placed", "workflow    order_placed"),
        ("order_placed\n", "order_placed\n04:50:52.211           bus         order_placed\n"),
        ("04:50:54.166   +92 ms  bus         restaurant_notified\n", ""),
        ("47YH-4TNR-TCWM", "none"),
    ],
)
def test_what_is_truly_different_is_noticed(before: str, after: str) -> None:
    assert before in JOURNEY
    assert not fits(JOURNEY, JOURNEY.replace(before, after, 1))


def test_lines_in_another_order_are_noticed() -> None:
    lines = JOURNEY.strip().splitlines()
    assert not fits(JOURNEY, "\n".join([*lines[:2], lines[3], lines[2], *lines[4:]]))


def test_what_is_left_out_may_be_anything_and_what_is_not_may_not() -> None:
    assert fits("…\nthree\n…", "one\ntwo\nthree")
    assert fits("from … events", "from 12 events")
    assert not fits("…\nthree", "one\ntwo")
    assert not fits("from … events", "from 12 messages")
    assert not fits("one", "one\ntwo")


@pytest.mark.parametrize(("lab", "text"), SHOWN)
def test_every_line_that_a_lab_shows_is_compared(lab: str, text: str) -> None:
    lines = lines_of(text)
    assert aligned(lines, lines) is not None
    for number, line in enumerate(lines):
        if line.strip() != REST:
            changed = [*lines[:number], f"not {line} at all", *lines[number + 1 :]]
            assert aligned(lines, changed) is None, line


def test_a_refreshed_block_leaves_out_what_it_left_out_and_one_that_does_not_fit_is_written_whole() -> None:
    assert refreshed(["…", "at 04:50:52.210", "… events"], ["one", "at 23:59:59.000", "7 events"]) == [
        "…", "at 23:59:59.000", "… events",
    ]  # fmt: skip
    assert refreshed(["one"], ["two"]) == ["two"]


def test_commands_are_read_in_order_each_with_what_they_show() -> None:
    page = "```sh\nfirst\n```\nwords\n```text\na\n```\nor\n```text\nb\n```\n```sh\nsecond\n```\n"
    assert [(step.commands, [shown.text for shown in step.shown]) for step in steps_of(page)] == [
        ("first\n", ["a\n", "b\n"]), ("second\n", []),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "page",
    ["", "```\nrm\n```", "```text\na\n```", "```console\n$ ls\n```", "words\n\n    indented\n"],
    ids=["no commands", "no kind", "nothing before it", "another kind", "indented"],
)
def test_a_page_with_something_that_would_not_be_tested_is_refused(page: str) -> None:
    with pytest.raises(WrongPage):
        steps_of(page)


def test_there_are_the_labs_that_the_readme_lists() -> None:
    listed = (PAGES[0].parent / "README.md").read_text(encoding="utf-8")
    assert [page.name for page in PAGES if f"({page.name})" in listed] == [page.name for page in PAGES]
    assert len(PAGES) == 8
