"""Orders counted in memory go the ways of the workflow on an engine, and cost what their requests cost."""

from decimal import Decimal

import pytest

from takeaway.facts import facts_of
from takeaway.study.costs.assumptions import assumptions
from takeaway.study.costs.bill import bill, in_production
from takeaway.study.costs.counting.tables import index_units, read_units, size_of, write_units
from takeaway.study.costs.counting.tally import Counted
from takeaway.study.costs.month import fired
from takeaway.study.costs.prices import prices

WAYS = {name: list(way.states) for name, way in facts_of("orders").ways.items()}


def test_each_way_enters_the_states_that_it_enters_on_an_engine(hybrid: Counted) -> None:
    assert {name: walked.states for name, walked in hybrid.ways.items()} == WAYS


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
