"""The state of a context, from its queue, its dead letters, its function's log and its alarms."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest

from takeaway.errors import UsageError
from takeaway.run.client import health as module
from takeaway.run.client.health import Health, State, health
from takeaway.run.client.outputs import Stack, Stacks
from takeaway.run.client.subscription import OUTPUTS, Subscription
from takeaway.run.client.system import System
from tests.fakes.operating import FakeFunctions
from tests.tools.takeaway.operating.conftest import put

Log = Callable[..., None]


@pytest.fixture
def system(subscription: Subscription) -> System:
    """Return a system with a context that listens, and one that does not."""
    said = (subscription.queue.url, subscription.dead_letters.url, subscription.function, subscription.rule)
    stacks = Stacks(
        {
            "bus": Stack("takeaway-dev-bus", "CREATE_COMPLETE", {}),
            "loyalty": Stack("takeaway-dev-loyalty", "CREATE_COMPLETE", dict(zip(OUTPUTS, said, strict=True))),
        }
    )
    redrive = subscription.queue.attributes("RedrivePolicy")["RedrivePolicy"].replace("1}", "3}")
    attributes = {"VisibilityTimeout": "60", "RedrivePolicy": redrive}
    subscription.queue.client.set_queue_attributes(QueueUrl=subscription.queue.url, Attributes=attributes)
    return cast(System, SimpleNamespace(target=subscription.target, stacks=stacks))


def of(system: System, context: str = "loyalty") -> Health:
    (found,) = health(system, context)
    return found


def failed(message_id: str = "one") -> dict[str, Any]:
    return {"level": "ERROR", "message_id": message_id, "message": "no luck", "correlation_id": "order-1"}


def test_a_context_that_has_nothing_to_do_is_at_work(system: System) -> None:
    bus, loyalty = health(system)
    assert (bus.context, bus.state, bus.worst) == ("bus", State.WORKING, None)
    assert (loyalty.state, loyalty.waiting, loyalty.dead_letters, loyalty.alarms) == (State.WORKING, 0, 0, [])
    worst = loyalty.worst
    assert worst
    assert worst.redelivery == (timedelta(seconds=60), 3)
    assert worst.redelivery.until_given_up == timedelta(minutes=3)


def test_what_waits_and_did_not_fail_is_counted_and_no_more(system: System, subscription: Subscription) -> None:
    put(subscription.queue, "one", "two")
    assert (of(system).state, of(system).waiting) == (State.WORKING, 2)


def test_a_context_fails_while_what_failed_comes_again(system: System, subscription: Subscription, log: Log) -> None:
    put(subscription.queue, "one", "two")
    log(failed(), ago=70)
    log(failed(), ago=10)
    found = of(system)
    assert (found.state, found.waiting) == (State.FAILING, 2)
    worst = found.worst
    assert worst
    assert worst.last
    assert worst.tries
    assert worst.since
    assert (worst.last.reason, worst.last.order_id) == ("no luck", "order-1")
    assert (worst.tries.done, worst.tries.at_most) == (2, 3)
    assert worst.tries.next_at - worst.last.at == timedelta(seconds=60)
    assert 59 < (worst.last.at - worst.since).total_seconds() < 61


def test_a_failure_of_which_nothing_is_left_in_the_queue_is_over(system: System, log: Log) -> None:
    log(failed(), ago=10)
    assert of(system).state is State.WORKING


def test_a_context_that_has_dead_letters_and_tries_nothing_again_gave_up(
    system: System, subscription: Subscription, log: Log
) -> None:
    put(subscription.dead_letters, "one")
    log(failed(), ago=1000)
    found = of(system)
    assert (found.state, found.dead_letters) == (State.GAVE_UP, 1)
    assert found.worst
    assert found.worst.last
    assert found.worst.last.reason == "no luck"


def test_a_queue_beside_the_subscription_is_named_because_redrive_does_not_reach_it(
    system: System, subscription: Subscription
) -> None:
    put(subscription.dead_letters, "one")
    said = {f"Closing{key}": each for key, each in system.stacks.of("loyalty").outputs.items()}
    stacks = Stacks({"orders": Stack("takeaway-dev-orders", "CREATE_COMPLETE", said)})
    beside = cast(System, SimpleNamespace(target=system.target, stacks=stacks))
    assert [each.internal for each in of(beside, "orders").consumers if each.redelivery] == ["loyalty-dlq"]
    assert [each.internal for each in of(system).consumers if each.redelivery] == [""]


def test_a_context_that_was_stopped_is_out_whatever_waits(system: System, subscription: Subscription, log: Log) -> None:
    clients = {**subscription.target._clients, "lambda": FakeFunctions(state="Disabled")}
    stopped = SimpleNamespace(target=replace(subscription.target, _clients=clients), stacks=system.stacks)
    put(subscription.queue, "one")
    log(failed())
    assert of(cast(System, stopped)).state is State.OUT


def test_a_context_whose_queue_nobody_reads_is_out(system: System, subscription: Subscription) -> None:
    clients = {**subscription.target._clients, "lambda": FakeFunctions(mappings=0)}
    unread = SimpleNamespace(target=replace(subscription.target, _clients=clients), stacks=system.stacks)
    assert of(cast(System, unread)).state is State.OUT


def test_a_function_that_is_called_is_failing_for_a_while_after_it_failed(
    system: System, aws: dict[str, Any], monkeypatch: pytest.MonkeyPatch, log: Log
) -> None:
    for name in ("loyalty-count", "loyalty-tidy-up", "another-one"):
        aws["logs"].create_log_group(logGroupName=f"/aws/lambda/takeaway-dev-{name}")
    log("[ERROR] KeyError: 'total'", group="/log/of/takeaway-dev-loyalty-count", ago=1)

    def called() -> dict[str, State]:
        return {each.function: each.state for each in of(system).consumers if each.redelivery is None}

    at_work = {"takeaway-dev-loyalty-tidy-up": State.WORKING}
    assert called() == {"takeaway-dev-loyalty-count": State.FAILING, **at_work}
    assert of(system).state is State.FAILING
    monkeypatch.setattr(module, "LATELY", timedelta(0))
    assert called() == {"takeaway-dev-loyalty-count": State.WORKING, **at_work}


def test_a_stack_that_is_not_healthy_is_broken(system: System) -> None:
    stacks = {**system.stacks.by_context, "bus": Stack("takeaway-dev-bus", "UPDATE_ROLLBACK_COMPLETE", {})}
    broken = SimpleNamespace(target=system.target, stacks=Stacks(stacks))
    assert of(cast(System, broken), "bus").state is State.BROKEN


def test_alarms_that_ring_are_told_by_the_context_whose_they_are(system: System, aws: dict[str, Any]) -> None:
    for name in ("takeaway-dev-loyalty-count-errors", "takeaway-dev-bus-quiet", "takeaway-other-loyalty-errors"):
        aws["cloudwatch"].put_metric_alarm(
            AlarmName=name,
            AlarmDescription="count failed. Runbook: docs/runbooks/loyalty.md#function-errors",
            MetricName="Errors", Namespace="AWS/Lambda", Statistic="Sum", Period=60, EvaluationPeriods=1,
            Threshold=1, ComparisonOperator="GreaterThanOrEqualToThreshold",
        )  # fmt: skip
    for name in ("takeaway-dev-loyalty-count-errors", "takeaway-other-loyalty-errors"):
        aws["cloudwatch"].set_alarm_state(AlarmName=name, StateValue="ALARM", StateReason="so it is")
    (alarm,) = of(system).alarms
    assert (alarm.name, alarm.tells) == ("count-errors", "count failed")
    assert alarm.runbook == "docs/runbooks/loyalty.md#function-errors"
    assert of(system, "bus").alarms == []


def test_a_context_that_is_not_there_is_refused_with_those_that_are(system: System) -> None:
    with pytest.raises(UsageError, match="No context 'loyalti' is deployed as stage dev; those that are: bus, loyalty"):
        health(system, "loyalti")
