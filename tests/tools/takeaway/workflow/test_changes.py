"""A change of the workflow that open executions do not notice passes, and is told."""

import copy
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import pairwise

import pytest

from takeaway.check.workflow.carrier import Carrier
from takeaway.check.workflow.changes import compare
from takeaway.check.workflow.executions import Open, coming_to
from takeaway.facts import Facts
from tests.tools.takeaway.workflow.edits import (
    BEFORE,
    CHOICE,
    NEW,
    READ,
    RETIRED,
    UPDATES,
    WAIT,
    States,
    after,
    another_decision,
    both_tokens,
    facts,
    parameters,
    renamed,
)


@pytest.mark.parametrize(
    ("edit", "said", "what"),
    [
        (lambda states: states[WAIT].update(TimeoutSeconds=300), facts(), "TimeoutSeconds 600 → 300"),
        (lambda states: states["Place order"].update(Comment="another"), facts(), ""),
        (lambda states: states["Place order"]["Retry"][0].update(MaxAttempts=3), facts(), "Retry is another"),
        (
            lambda states: states.update({"Check fraud": {**states["Accept order"], "Next": "Accept order"}}),
            facts(),
            "is new: no open execution enters it",
        ),
        (renamed, facts(confirm_order=NEW, accept_order=RETIRED), "is gone: open executions go there all the same"),
        (another_decision, facts(), "knows `escalated` of decision, which nothing answers yet"),
        (lambda states: states.pop(READ), facts(), "is gone"),
        (both_tokens, facts(), "Parameters is another"),
        (
            lambda states: parameters(states, WAIT, ConditionExpression="attribute_not_exists(decision)"),
            facts(),
            "Parameters is another",
        ),
        (
            lambda states: parameters(states, READ, ProjectionExpression="decision, reason", ConsistentRead=False),
            facts(),
            "Parameters is another",
        ),
        (
            lambda states: states[WAIT].update(ResultSelector={"decision.$": "$.decision", "by.$": "$.by"}),
            facts(),
            "ResultSelector is another",
        ),
        (
            lambda states: parameters(
                states, "Notify user", Payload={"order_id.$": "$.order_id", "status.$": "$.outcome.status"}
            ),
            facts(),
            "Parameters is another",
        ),
        (
            lambda states: parameters(states, "Accept order", FunctionName="${confirm_order}"),
            facts(confirm_order=NEW, accept_order=RETIRED),
            "Parameters is another",
        ),
        (lambda states: states[CHOICE].update(Default="Reject order"), facts(), "Default is another"),
    ],
    ids=[
        "a timeout",
        "a comment",
        "a retry",
        "a state",
        "a renamed step, the old one kept",
        "a value before its time",
        "a request, whose permission is kept",
        "a second token",
        "fewer conditions of a wait",
        "a read of more",
        "a callback of which more is taken",
        "a field that only some of the states send",
        "another function, the old one kept",
        "another way for other values",
    ],
)
def test_what_open_executions_do_not_notice_passes_and_is_told(
    edit: Callable[[States], object], said: Facts, what: str
) -> None:
    found = after(edit, said)
    assert not [change for change in found if change.breaks]
    assert bool(what) == bool(found)
    assert any(what in change.what for change in found) or not found


def test_a_function_that_is_kept_for_nobody_is_asked_to_go() -> None:
    found = after(lambda _: None, facts(retired_long_ago=RETIRED))
    assert [(change.state, change.breaks) for change in found] == [("retired_long_ago", False)]
    assert "take it out" in found[0].what


def test_a_value_that_a_choice_never_gets_is_not_asked_of_it() -> None:
    """The status of an order has more values than the one step before the choice answers with."""
    before = copy.deepcopy(BEFORE)
    before["States"]["Notified about what?"]["Default"] = "Fail order"
    before["States"]["Skip notification"]["Parameters"]["FunctionName"] = "${complete_order}"
    rule = {"Variable": "$.outcome.status", "StringEquals": "COMPLETED", "Next": "Order closed"}
    before["States"]["Notified about what?"]["Choices"].append(rule)
    assert not [change for change in compare(before, Carrier.of(before, facts())) if change.breaks]


def test_a_task_without_parameters_is_compared_as_well() -> None:
    found = after(lambda states: (states["Accept order"].pop("Parameters"), states[READ].pop("Parameters")), facts())
    assert ("Read decision", True) in [(change.state, change.breaks) for change in found]


def test_a_request_that_no_state_makes_is_asked_to_go() -> None:
    found = after(lambda _: None, facts(may=(*UPDATES, "dynamodb:GetItem", "sns:Publish")))
    assert [(change.state, change.breaks) for change in found] == [("sns:Publish", False)]


def test_a_token_is_moved_to_another_name_in_two_releases() -> None:
    first, second = copy.deepcopy(BEFORE), copy.deepcopy(BEFORE)
    both_tokens(first["States"])
    parameters(second["States"], WAIT, UpdateExpression="SET answer_token = :token")
    released = [BEFORE, first, second]
    found = [compare(before, Carrier.of(now, facts())) for before, now in pairwise(released)]
    assert not [change for changes in found for change in changes if change.breaks]
    assert [change for change in compare(BEFORE, Carrier.of(second, facts())) if change.breaks]


def test_only_orders_that_may_still_come_to_a_state_are_hit_by_its_change() -> None:
    now = datetime.now(UTC)
    waiting, cooking, beginning = (Open(state, state, now) for state in (WAIT, "Await completion", ""))
    hit = coming_to([waiting, cooking, beginning], BEFORE, "Accept order")
    assert [each.order_id for each in hit] == [WAIT, ""]
