"""Find what makes a function run: everything in its stack that refers to it, except what is known to run nothing."""

from dataclasses import dataclass
from typing import Any

from takeaway.check.fitness.permissions import permissions
from takeaway.check.templates.stack import (
    ALARM,
    EVENT_RULE,
    EVENT_SOURCE,
    FUNCTION,
    QUEUE,
    STATE_MACHINE,
    SUBSCRIPTION,
    Function,
    Stack,
)
from takeaway.check.templates.values import listed, logical_id, references

# These refer to functions without running them. Policies are checked by statement instead.
NO_TRIGGERS = {ALARM, FUNCTION, "AWS::CloudWatch::Dashboard", "AWS::IAM::Policy", "AWS::IAM::ManagedPolicy"}
STATUS_CHANGE = "Step Functions Execution Status Change"


@dataclass(frozen=True)
class Trigger:
    """A resource that can run a function, or a role that may invoke it."""

    kind: str
    logical_id: str
    told: str


def triggers(stack: Stack, function: Function) -> list[Trigger]:
    """List a function's triggers. An unknown kind of resource counts, so that a new kind can't get around the rule."""
    referring = {name: stack.kind_of(name) for name in sorted(stack.referring.get(function.logical_id, ()))}
    found = [
        Trigger(kind, name, f"{kind} {stack.called(name)}")
        for name, kind in referring.items()
        if kind not in NO_TRIGGERS
    ]
    found += [
        Trigger("permission", permission.role, f"the role of {permission.holder} may invoke it")
        for permission in permissions(stack)
        if permission.allows("lambda:InvokeFunction") and function.logical_id in references(list(permission.resources))
    ]
    return found


def closers(stack: Stack) -> list[Function]:
    """Return the functions that only run at the end of this stack's executions, by an event of the default bus."""
    return [function for function in stack.functions.values() if _is_at_the_end_of_executions(stack, function)]


def _is_at_the_end_of_executions(stack: Stack, function: Function) -> bool:
    own = triggers(stack, function)
    return bool(own) and all(
        trigger.kind == EVENT_SOURCE and _queue_tells_of_ends(stack, stack.of(EVENT_SOURCE)[trigger.logical_id])
        for trigger in own
    )


def _queue_tells_of_ends(stack: Stack, source: dict[str, Any]) -> bool:
    queue = logical_id(source.get("EventSourceArn"))
    rules = [
        rule
        for rule in stack.of(EVENT_RULE).values()
        if queue in {logical_id(target["Arn"]) for target in rule.get("Targets", ())}
    ]
    topics = {logical_id(subscription.get("Endpoint")) for subscription in stack.of(SUBSCRIPTION).values()}
    fed = queue in stack.of(QUEUE) and bool(rules) and queue not in topics
    return fed and all(_tells_of_ends(stack, rule) for rule in rules)


def _tells_of_ends(stack: Stack, rule: dict[str, Any]) -> bool:
    pattern = rule.get("EventPattern", {})
    machines = listed(pattern.get("detail", {}).get("stateMachineArn"))
    return (
        pattern.get("source") == ["aws.states"]
        and pattern.get("detail-type") == [STATUS_CHANGE]
        and bool(machines)
        and all(logical_id(machine) in stack.of(STATE_MACHINE) for machine in machines)
    )
