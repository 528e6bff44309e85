"""A change of the workflow that open executions would not survive is refused, with the way to do it."""

from collections.abc import Callable

import pytest

from takeaway.facts import Facts
from tests.tools.takeaway.workflow.edits import (
    CHOICE,
    NEW,
    READ,
    UPDATES,
    WAIT,
    States,
    after,
    another_decision,
    by_default,
    decided_elsewhere,
    either_decision,
    facts,
    parameters,
    renamed,
    unanswered,
)


@pytest.mark.parametrize(
    ("edit", "said", "state", "what"),
    [
        (
            renamed,
            facts(without="accept_order", confirm_order=NEW),
            "Accept order",
            "calls accept_order, which is gone",
        ),
        (lambda _: None, facts(without="complete_order"), "Complete order", "calls complete_order, which is gone"),
        (
            lambda states: parameters(states, "Accept order", Payload={"order_id.$": "$.order_id", "note.$": "$.note"}),
            facts(),
            "Accept order",
            "calls accept_order without `note`",
        ),
        (
            lambda states: parameters(states, WAIT, UpdateExpression="SET answer_token = :token"),
            facts(),
            WAIT,
            "has its token in `decision_token`, where nobody looks any more",
        ),
        (
            lambda states: parameters(states, WAIT, ConditionExpression="attribute_not_exists(answer)"),
            facts(),
            WAIT,
            "waits unless there is `decision`;",
        ),
        (
            lambda states: states[WAIT].update(ResultSelector={"decision.$": "$.answer"}),
            facts(),
            WAIT,
            "takes another part of what wakes it up",
        ),
        (
            lambda states: parameters(states, READ, ProjectionExpression="answer"),
            facts(),
            READ,
            "asks dynamodb:getItem for something else",
        ),
        (lambda states: states.pop(READ), facts(may=UPDATES), READ, "asks for dynamodb:getItem, which its role"),
        (lambda _: None, facts(may=UPDATES), READ, "asks for dynamodb:getItem, which its role"),
        (
            lambda states: parameters(states, READ, TableName="${archive}"),
            facts(),
            READ,
            "asks dynamodb:getItem for some",
        ),
        (lambda states: parameters(states, WAIT, TableName="${tokens}"), facts(), WAIT, "has its token in"),
        (
            decided_elsewhere,
            facts(answering=("decision", "escalated")),
            CHOICE,
            "does not know `escalated` of decision",
        ),
        (either_decision, facts(answering=("decision", "escalated")), CHOICE, "does not know `escalated` of decision"),
        (by_default, facts(answering=("decision", "escalated")), CHOICE, "does not know `escalated` of decision"),
        (lambda _: None, unanswered("expire_order", "decision"), "Expire order", "reads `decision` of what"),
        (another_decision, facts(answering=("decision", "escalated")), CHOICE, "does not know `escalated` of decision"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_breaks_open_executions_is_refused_with_the_way_to_do_it(
    edit: Callable[[States], object], said: Facts, state: str, what: str
) -> None:
    breaking = [change for change in after(edit, said) if change.breaks]
    assert [(change.state, change.what.startswith(what)) for change in breaking] == [(state, True)]
    assert breaking[0].way
