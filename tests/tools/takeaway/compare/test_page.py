"""The page with charts: complete, without script or network, and with all text escaped."""

from datetime import UTC, datetime

from takeaway.study.compare.changes import ChangeCost, Size
from takeaway.study.compare.findings import (
    Arrow,
    Box,
    Comparison,
    Found,
    Matrix,
    Picture,
    Section,
    beside,
    named,
    number,
)
from takeaway.study.compare.machine import Machine
from takeaway.study.compare.page import charts, render_page, shares
from takeaway.study.compare.stories.change_requests import cells
from takeaway.wiring import Wiring


def found(*values: int) -> dict[Wiring, Found]:
    return {wiring: {"all three, median of 1": number(value)} for wiring, value in zip(Wiring, values, strict=True)}


def comparison(*sections: Section) -> Comparison:
    machine = Machine(processor="<b>processor</b>", cores=2, memory_gigabytes=None, python="3.11.7", load=0)
    at = datetime(2026, 11, 25, tzinfo=UTC)
    return Comparison(at=at, seconds=61.4, machine=machine, sections=list(sections))


WELL = Section(
    anchor="goes-well",
    title="An order goes well",
    told="What was done.",
    rows=beside(found(1, 2, 3, 4)),
    matrices={Wiring.HYBRID: Matrix(columns=["placed"], rows={"function a": ["✗"]})},
    pictures=[
        Picture(
            wiring=Wiring.HYBRID,
            title="as its file says it",
            boxes=[Box(id="a", text="A"), Box(id="b", text="B")],
            arrows=[Arrow(source="a", target="b", text="then")],
            mermaid="",
        )
    ],
)


def test_the_page_needs_nothing_but_itself() -> None:
    page = render_page(comparison(WELL))
    assert not any(word in page for word in ("<script", "src=", "http://", "https://", "@import", "url(h"))
    assert "default-src 'none'" in page
    assert "<b>processor" not in page


def test_an_empty_line_in_what_is_told_begins_a_paragraph() -> None:
    page = render_page(comparison(WELL.model_copy(update={"told": "What was done.\n\nWhat is counted <here>."})))
    assert '<p class="note">What was done.</p>\n<p class="note">What is counted &lt;here&gt;.</p>' in page


def test_it_shows_every_cell_matrix_and_picture() -> None:
    page = render_page(comparison(WELL))
    assert 'id="goes-well"' in page
    assert '<td class="never">✗</td>' in page
    assert page.count("<title>as its file says it</title>") == 1
    assert all(f'data-system="{wiring}">{text}' in page for wiring, text in zip(Wiring, "1234", strict=True))


def test_bars_are_shares_of_the_longest_and_only_where_there_are_figures() -> None:
    [row] = beside(found(1, 2, 3, 4))
    assert list(shares(row).values()) == [25, 50, 75, 100]
    [nothing] = beside(found(0, 0, 0, 0))
    assert shares(nothing) == {}
    [words] = beside({wiring: {"status": named(["PLACED"])} for wiring in Wiring})
    assert shares(words) == {}


def test_a_chart_has_a_bar_for_each_system() -> None:
    [chart] = charts(comparison(WELL))
    assert [chart.row.cells[wiring].text for wiring in Wiring] == ["1", "2", "3", "4"]


def test_a_change_that_a_system_has_no_need_of_costs_nothing_and_says_so() -> None:
    done = ChangeCost("order-deadline", Size(9, 120, 4, 80), stacks=("orders",), contexts=("orders",))
    none = ChangeCost("order-deadline")
    assert [cell.text for cell in cells(done).values()] == [
        "9", "+120 −4, tests +80", "orders", "orders",
    ]  # fmt: skip
    assert {cell.text for cell in cells(none).values()} == {"0", "nothing to do"}
