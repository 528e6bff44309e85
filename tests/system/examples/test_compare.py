"""The comparison in a reduced form: some components fail, some questions are asked, in all four systems at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from takeaway.facts import facts_of
from takeaway.run.client.system import System
from takeaway.study.compare.capabilities import Outcome
from takeaway.study.compare.contender import Contender
from takeaway.study.compare.findings import Found
from takeaway.study.compare.living import live, settle
from takeaway.study.compare.outages import Component, components, out
from takeaway.study.compare.stories.blast_radius import Window, outages, told
from takeaway.study.compare.stories.goes_well import goes_well
from takeaway.study.compare.stories.mail_fails import fail
from takeaway.study.compare.stories.whereabouts import ask
from takeaway.wiring import Wiring
from tests.conftest import Engine
from tests.system.examples.conftest import deployed

pytestmark = [pytest.mark.engine, pytest.mark.teaching]
CHOSEN = ("orders-accept-order", "promotions-issue-voucher", "analytics-ingest-events")


@pytest.fixture(scope="module")
def four(
    engine: Engine, folder: Path, durable: System, choreographed: System, orchestrated: System
) -> dict[Wiring, Contender]:
    systems = {
        Wiring.HYBRID: deployed(engine, folder, Wiring.HYBRID),
        Wiring.DURABLE: durable,
        Wiring.CHOREOGRAPHED: choreographed,
        Wiring.ORCHESTRATED: orchestrated,
    }
    return {wiring: Contender(wiring, system) for wiring, system in systems.items()}


def in_each(four: dict[Wiring, Contender], do: Callable[[Contender], Any]) -> dict[Wiring, Any]:
    with ThreadPoolExecutor(len(four)) as pool:
        return dict(zip(four, pool.map(do, four.values()), strict=True))


@pytest.fixture(scope="module")
def well(four: dict[Wiring, Contender]) -> dict[Wiring, Found]:
    return in_each(four, lambda each: goes_well(each, 1).cells)


@pytest.fixture(scope="module")
def windows(four: dict[Wiring, Contender], well: dict[Wiring, Found]) -> dict[Wiring, list[Window]]:
    def chosen(contender: Contender) -> list[Component]:
        return [each for each in components(contender) if each.kind == "function" and each.name in CHOSEN]

    return in_each(four, lambda each: outages(each, chosen(each)))


def outcomes(windows: list[Window], capability: str) -> set[Outcome]:
    return {window.outcomes()[capability] for window in windows}


def test_an_order_that_goes_well_has_every_cell(well: dict[Wiring, Found]) -> None:
    assert len({frozenset(cells) for cells in well.values()}) == 1
    assert all(cell.text for cells in well.values() for cell in cells.values())
    transitions = [cells["state transitions per order"].text for cells in well.values()]
    way = facts_of("orders").ways["completed"]
    assert transitions == [str(len(way.states)), "0", "0", "16"]
    operations = [cells["durable operations per order"].text for cells in well.values()]
    assert operations == ["0", "12", "0", "0"]  # a start, six steps, and of each wait its context, callback and step
    events = [cells["events on the bus per order"].text for cells in well.values()]
    published = str(len(way.events))
    assert events == [published, published, published, "0"]


def test_the_hybrid_system_loses_nothing_and_leaves_no_order_open(
    four: dict[Wiring, Contender], windows: dict[Wiring, list[Window]]
) -> None:
    found = windows[Wiring.HYBRID]
    assert outcomes(found, "voucher") == {Outcome.NOT_REACHED, Outcome.REDRIVEN, Outcome.WORKS}
    assert outcomes(found, "in the lake") == {Outcome.REDRIVEN, Outcome.WORKS}
    assert [window.status for window in found] == ["FAILED", "COMPLETED", "COMPLETED"]
    assert told(four[Wiring.HYBRID], found)["orders promised and left open for ever"].text == "0"


def test_the_durable_system_loses_nothing_either(
    four: dict[Wiring, Contender], windows: dict[Wiring, list[Window]]
) -> None:
    found = windows[Wiring.DURABLE]
    assert outcomes(found, "voucher") == {Outcome.REDRIVEN, Outcome.WORKS}
    assert {window.status for window in found} == {"COMPLETED"}
    assert told(four[Wiring.DURABLE], found)["orders promised and left open for ever"].text == "0"


def test_the_choreographed_system_leaves_an_order_open_of_which_nobody_hears(
    four: dict[Wiring, Contender], windows: dict[Wiring, list[Window]]
) -> None:
    found = windows[Wiring.CHOREOGRAPHED]
    assert [window.status for window in found] == ["PLACED", "COMPLETED", "COMPLETED"]
    assert told(four[Wiring.CHOREOGRAPHED], found)["orders promised and left open for ever"].text == "1"
    assert found[0].outcomes()["customer knows"] is Outcome.NEVER
    assert Outcome.NEVER not in outcomes(found, "voucher") | outcomes(found, "in the lake")


def test_the_orchestrated_system_loses_what_a_neighbour_should_have_heard(
    windows: dict[Wiring, list[Window]],
) -> None:
    found = windows[Wiring.ORCHESTRATED]
    assert [window.status for window in found] == ["FAILED", "COMPLETED", "COMPLETED"]
    of = {window.component.context: window.outcomes() for window in found}
    assert of["promotions"]["voucher"] is Outcome.NEVER
    assert of["analytics"]["in the lake"] is Outcome.NEVER


def test_no_cell_is_empty(four: dict[Wiring, Contender], windows: dict[Wiring, list[Window]]) -> None:
    for wiring, found in windows.items():
        assert all(cell.text.strip() for cell in told(four[wiring], found).values())


def test_where_there_is_a_workflow_every_fact_is_known_and_elsewhere_not_what_comes_next(
    four: dict[Wiring, Contender], well: dict[Wiring, Found]
) -> None:
    found = in_each(four, lambda each: ask(each, 1).cells)
    assert [cells["while the restaurant thinks: answered of 4"].text for cells in found.values()] == [
        "4",
        "3",
        "2",
        "4",
    ]
    assert found[Wiring.DURABLE]["while it is delivered: next step"].text == "nobody knows"  # its code does
    assert found[Wiring.CHOREOGRAPHED]["while it is delivered: next step"].text == "nobody knows"
    assert found[Wiring.HYBRID]["while the restaurant thinks: calls of AWS"].text == "2"


def test_a_mail_that_fails_for_good_is_seen_in_another_place_in_each_wiring(
    four: dict[Wiring, Contender], well: dict[Wiring, Found]
) -> None:
    found = in_each(four, lambda each: fail(each, 1).cells)
    assert {cells["status in the end"].text for cells in found.values()} == {"2 COMPLETED"}
    assert "dead letter" in found[Wiring.CHOREOGRAPHED]["can be seen in"].text
    assert "history" in found[Wiring.HYBRID]["can be seen in"].text
    assert all(cells["alarms that this rings"].text != "none" for cells in found.values())


def test_what_was_taken_out_is_given_back_even_if_somebody_stops_it(
    four: dict[Wiring, Contender], well: dict[Wiring, Found]
) -> None:
    contender = four[Wiring.HYBRID]
    for component in components(contender):
        if component.kind == "e-mail":  # all stages here share one sender
            continue
        with pytest.raises(KeyboardInterrupt), out(contender, component):
            raise KeyboardInterrupt
    life = live(contender)
    settle(contender, life.order_id)
    assert life.order_id
    assert contender.system.kept(life.order_id).status == "COMPLETED"
    assert contender.system.vouchers.of_order(life.order_id)
