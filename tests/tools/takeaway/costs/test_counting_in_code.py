"""Orders in code, counted in memory: steps and waits as on an engine, and what Lambda bills of them."""

import json
from decimal import Decimal

import pytest

from takeaway.facts import facts_of
from takeaway.study.commands import cost
from takeaway.study.costs.assumptions import assumptions
from takeaway.study.costs.bill import bill, in_production
from takeaway.study.costs.counting.tally import Counted
from takeaway.study.costs.prices import prices
from takeaway.study.costs.units import DURABLE, GIGABYTE
from takeaway.wiring import Wiring

WAYS = {name: way.states for name, way in facts_of("orders").ways.items()}
LINES_OF_CODE = {  # what is a state there and no step in code
    "Decision?", "Completed after all?", "Notified about what?", "Order failed", "Order closed", "Read decision",
}  # fmt: skip


def test_each_way_of_an_order_in_code_begins_the_steps_and_waits_of_the_state_machine(durable: Counted) -> None:
    ways = {name: [state for state in states if state not in LINES_OF_CODE] for name, states in WAYS.items()}
    assert {name: walked.states for name, walked in durable.ways.items()} == ways


def test_an_order_in_code_is_billed_for_what_lambda_keeps_of_it_and_for_no_transition(durable: Counted) -> None:
    units = durable.ways["completed"].tally.total
    # a start, six steps, and of each wait its context, its callback and the step that stores the callback's id
    assert (units.durable_operations, units.state_transitions) == (12, 0)
    assert 100 < units.durable_gigabytes * GIGABYTE < 2000
    failed = durable.ways["failed at the first step"].tally
    # a start, three steps, and five more tries of the first, each of them an invocation
    assert (failed.total.durable_operations, failed.functions["orders-process-order"]) == (9, 6)


def test_the_history_of_orders_in_code_is_paid_for_as_long_as_lambda_keeps_it(durable: Counted) -> None:
    whole = bill(durable, in_production(Wiring.DURABLE), 1_000_000, assumptions(), prices())
    items = {item.unit: item for item in whole.items}
    months = items["durable_gb_months"].quantity / items["durable_gigabytes"].quantity
    assert months == pytest.approx(Decimal(90) / Decimal("30.42"))
    assert whole.workflow == sum(items[unit].amount for unit in DURABLE)
    assert abs(sum(whole.contexts.values()) - whole.total) < Decimal("0.01")


def test_what_orders_in_code_cost_is_told_on_the_command_line(
    durable: Counted, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cost, "counted", lambda *_: durable)
    cost.cost(orders=[1_000_000], wiring=Wiring.DURABLE, as_json=True)
    [told] = json.loads(capsys.readouterr().out)
    units = {item["unit"] for item in told["items"]}
    assert {*DURABLE} <= units
    assert "state_transitions" not in units
    cost.cost(orders=[1_000_000], wiring=Wiring.DURABLE)
    assert "of it the workflow" in capsys.readouterr().out


def test_orders_end_alike_in_code_and_in_a_definition(hybrid: Counted, durable: Counted) -> None:
    for name, walked in hybrid.ways.items():
        there, here = walked.tally.total, durable.ways[name].tally.total
        assert (here.events_published, here.emails) == (there.events_published, there.emails), name
