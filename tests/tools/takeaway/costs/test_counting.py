"""Orders counted in memory go the ways of the workflow on an engine, and cost what their requests cost."""

import json
from decimal import Decimal

import pytest

from takeaway.facts import facts_of
from takeaway.study.commands import cost
from takeaway.study.costs.assumptions import assumptions
from takeaway.study.costs.bill import bill, in_production
from takeaway.study.costs.counting.tables import index_units, read_units, size_of, write_units
from takeaway.study.costs.counting.tally import Counted
from takeaway.study.costs.month import fired
from takeaway.study.costs.prices import prices
from takeaway.study.costs.units import DURABLE, GIGABYTE
from takeaway.wiring import Wiring

WAYS = {name: list(way.states) for name, way in facts_of("orders").ways.items()}
LINES_OF_CODE = {  # what is a state there and no step in code
    "Decision?", "Completed after all?", "Notified about what?", "Order failed", "Order closed", "Read decision",
}  # fmt: skip


def test_each_way_enters_the_states_that_it_enters_on_an_engine(hybrid: Counted) -> None:
    assert {name: walked.states for name, walked in hybrid.ways.items()} == WAYS


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
    assert items["durable_gb_months"].quantity / items["durable_gigabytes"].quantity == Decimal(90) / Decimal("30.42")
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


def test_retries_are_transitions_too(hybrid: Counted) -> None:
    assert hybrid.ways["completed"].tally.total.state_transitions == len(WAYS["completed"])
    failed = "failed at the first step"
    assert hybrid.ways[failed].tally.total.state_transitions == len(WAYS[failed]) + 5


def test_a_completed_order_publishes_five_events_and_sends_two_mails(hybrid: Counted) -> None:
    units = hybrid.ways["completed"].tally.total
    assert (units.events_published, units.emails, units.topic_publishes, units.api_requests) == (5, 2, 1, 3)


def test_the_state_machine_is_the_article_s_con_at_a_million_orders(hybrid: Counted) -> None:
    whole = bill(hybrid, in_production(), 1_000_000, assumptions(), prices())
    assert max(whole.services, key=lambda service: whole.services[service]) == "Step Functions"
    assert abs(sum(whole.contexts.values()) - whole.total) < Decimal("0.01")


def test_an_item_is_as_large_as_its_names_and_values() -> None:
    item = {"id": {"S": "abc"}, "n": {"N": "1234"}, "b": {"BOOL": True}, "l": {"L": [{"S": "é"}]}}
    assert size_of(item) == (2 + 3) + (1 + 3) + (1 + 1) + (1 + 3 + 1 + 2)
    assert size_of(None) == 0


def test_units_are_whole_and_an_index_pays_twice_for_a_new_key() -> None:
    small, large = {"k": {"S": "a"}}, {"k": {"S": "a"}, "text": {"S": "x" * 1024}}
    assert (write_units(None), write_units(small, large), write_units(large, None)) == (1, 2, 2)
    assert (read_units(0, consistent=True), read_units(4097, consistent=True)) == (1, 2)
    assert read_units(4097, consistent=False) == 1
    assert index_units(small, small, ("k",)) == 0
    assert index_units(small, large, ("k",)) == 2
    assert index_units(small, {"k": {"S": "b"}}, ("k",)) == 2
    assert index_units(None, {"other": {"S": "a"}}, ("k",)) == 0


@pytest.mark.parametrize(
    ("expression", "times"),
    [("rate(15 minutes)", 2920), ("rate(1 hour)", 730), ("rate(2 days)", "15.21"), ("cron(30 3 * * ? *)", "30.42")],
)
def test_schedules_are_reckoned_for_an_average_month(expression: str, times: str) -> None:
    assert fired(expression) == Decimal(times)


@pytest.mark.parametrize("expression", ["rate(1 fortnight)", "cron(0/5 * * * ? *)", "at(2026-11-25T00:00:00)"])
def test_a_schedule_that_nobody_has_had_is_not_guessed(expression: str) -> None:
    with pytest.raises(NotImplementedError, match="how often"):
        fired(expression)
