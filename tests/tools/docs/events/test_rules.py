"""The listeners are read from the templates, so a context that is added later appears by itself."""

from typing import Any

import pytest

from takeaway.check.templates.stack import Stack
from takeaway.study.docs.events.rules import Rule, rules_of

SOURCE = "takeaway.orders"


def stack(handler: str = "contexts.loyalty.handlers.add_points.handler", target: str = "Queue", **rule: Any) -> Stack:
    """Return a stack as the paved road makes it: a rule, a queue, and a function that the queue feeds."""
    properties = {
        "Name": "takeaway-dev-loyalty-completed-orders",
        "EventBusName": "takeaway-dev",
        "EventPattern": {"detail-type": ["order_completed"], "source": [SOURCE]},
        "Targets": [{"Id": "Target0", "Arn": {"Fn::GetAtt": [target, "Arn"]}}],
    }
    fed = {"EventSourceArn": {"Fn::GetAtt": ["Queue", "Arn"]}, "FunctionName": {"Ref": "Function"}}
    kinds = {
        "Rule": ("AWS::Events::Rule", properties | rule),
        "Queue": ("AWS::SQS::Queue", {"QueueName": "takeaway-dev-loyalty-completed-orders"}),
        "Mapping": ("AWS::Lambda::EventSourceMapping", fed),
        "Function": ("AWS::Lambda::Function", {"Handler": handler}),
        "Stream": ("AWS::KinesisFirehose::DeliveryStream", {}),
    }
    template = {"Resources": {name: {"Type": kind, "Properties": values} for name, (kind, values) in kinds.items()}}
    return Stack("loyalty", "takeaway-dev-loyalty", template)


def only(stack: Stack) -> Rule:
    [rule] = rules_of({stack.name: stack})
    return rule


def with_pattern(**pattern: Any) -> Rule:
    return only(stack(EventPattern={key.replace("_", "-"): value for key, value in pattern.items()}))


def test_a_rule_is_followed_through_its_queue_to_its_function() -> None:
    rule = only(stack())
    assert (rule.owner, rule.stack, rule.name) == ("loyalty", "takeaway-dev-loyalty", rule.queue)
    assert (rule.code, rule.function) == ("contexts/loyalty/handlers/add_points.py", "add_points")
    assert rule.bus == "takeaway-dev"


def test_a_function_without_a_queue_is_found_too() -> None:
    rule = only(stack(target="Function"))
    assert (rule.queue, rule.function) == (None, "add_points")


def test_a_target_that_is_no_function_is_not_left_out() -> None:
    rule = only(stack(target="Stream"))
    assert (rule.target, rule.queue, rule.code, rule.owner) == ("Stream", None, None, "loyalty")


def test_a_rule_without_a_bus_is_of_the_default_bus_and_a_schedule_listens_to_nothing() -> None:
    assert only(stack(EventBusName=None)).bus is None
    scheduled = stack()
    rule = scheduled.template["Resources"]["Rule"]["Properties"]
    del rule["EventPattern"]
    rule["ScheduleExpression"] = "rate(1 hour)"
    assert rules_of({"takeaway-dev-loyalty": scheduled}) == []


@pytest.mark.parametrize(
    ("pattern", "takes"),
    [
        ({"source": [SOURCE]}, True),
        ({"source": [SOURCE], "detail_type": ["order_completed", "order_rejected"]}, True),
        ({"source": [SOURCE], "detail_type": ["order_rejected"]}, False),
        ({"source": ["takeaway.loyalty"]}, False),
        ({"source": [{"prefix": "takeaway."}]}, True),
        ({"detail_type": [{"anything-but": ["order_completed"]}]}, False),
        ({"detail_type": [{"suffix": "_completed"}]}, True),
    ],
)
def test_a_rule_takes_what_its_pattern_matches(pattern: dict[str, Any], takes: bool) -> None:
    rule = with_pattern(**pattern)
    assert rule.takes(SOURCE, "order_completed", 1) is takes
    assert not rule.looks_inside


def test_a_rule_may_take_one_version_of_an_event_and_leave_another() -> None:
    rule = with_pattern(source=[SOURCE], detail={"metadata": {"breaks": [{"exists": False}]}})
    assert [rule.takes(SOURCE, "order_completed", version) for version in (1, 2)] == [True, False]
    assert not rule.looks_inside


def test_a_rule_that_looks_into_events_takes_some_of_a_type() -> None:
    large = {"data": {"total": {"amount": [{"numeric": [">", 10_000]}]}}}
    for detail in (large, {**large, "metadata": {"breaks": [{"exists": False}]}}):
        rule = with_pattern(source=[SOURCE], detail=detail)
        assert rule.takes(SOURCE, "order_completed", 1)
        assert rule.looks_inside


def test_a_pattern_is_said_in_the_order_in_which_people_write_it() -> None:
    rule = with_pattern(detail={}, detail_type=["order_completed"], source=[SOURCE])
    assert list(rule.pattern) == ["source", "detail-type", "detail"]
