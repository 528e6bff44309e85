"""Findings become rows, and rows a page; a cell without a finding is noticed."""

from datetime import UTC, datetime

import pytest

from takeaway.study.compare.findings import (
    Comparison,
    Found,
    Section,
    beside,
    counted,
    dollars,
    milliseconds,
    number,
    yes,
)
from takeaway.study.compare.machine import Machine
from takeaway.study.compare.page import markdown
from takeaway.study.compare.stories import STORIES, texts
from takeaway.wiring import Wiring

MACHINE = Machine(processor="A processor", cores=2, memory_gigabytes=4, python="3.11.7", load=0.5)


def comparison(found: dict[Wiring, Found]) -> Comparison:
    section = Section(anchor="goes-well", title="Well", told="What was done.", rows=beside(found))
    return Comparison(at=datetime(2026, 11, 25, tzinfo=UTC), seconds=61.4, machine=MACHINE, sections=[section])


def test_cells_say_what_was_found_in_its_unit() -> None:
    assert [number(8).text, number(2.5).text, milliseconds(0.2061).text] == ["8", "2.50", "206 ms"]
    assert (dollars(1234.5).text, dollars(1234.5).value) == ("$1,234.50", 1234.5)
    assert [counted({"dlq": 2, "other": 0}).text, counted({}).text] == ["2 dlq", "none"]
    assert yes(value=False).text == "no"


def test_what_was_found_stands_beside_each_other_measure_by_measure() -> None:
    full = comparison({wiring: {"hops": number(count)} for count, wiring in enumerate(Wiring)})
    [row] = full.sections[0].rows
    assert [(row.measure, row.cells[wiring].text) for wiring in Wiring] == [
        ("hops", "0"),
        ("hops", "1"),
        ("hops", "2"),
        ("hops", "3"),
    ]


def test_a_cell_that_is_missing_is_noticed_and_no_page_is_made() -> None:
    found: dict[Wiring, Found] = {wiring: {"hops": number(1)} for wiring in Wiring}
    found[Wiring.HYBRID] = {}
    with pytest.raises(KeyError, match="hybrid"):
        markdown(comparison(found))


def test_the_page_has_its_anchor_its_date_its_machine_and_a_row_for_each_measure() -> None:
    page = markdown(comparison({wiring: {"a | b": number(3)} for wiring in Wiring}))
    assert '<a id="goes-well"></a>' in page
    assert "Measured on 2026-11-25 in 61 s on A processor, 2 cores" in page
    assert "| a \\| b | 3 | 3 | 3 | 3 |" in page


def test_every_story_has_a_title() -> None:
    assert {story.anchor for story in STORIES} == texts().keys()
    assert len({story.anchor for story in STORIES}) == len(STORIES)
