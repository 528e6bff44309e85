"""Take a component of a system out, and give it back.

Each kind is taken out in a way that the engine enforces and AWS has as well.
"""

import json
from collections.abc import Collection, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass

from takeaway.check.templates.stack import EVENT_RULE
from takeaway.run.client.failing import redelivered_soon, without_code
from takeaway.study.compare.contender import Contender

FUNCTION, READER, RULE, WORKFLOW, MAIL = "function", "reader of queue", "rule", "workflow", "e-mail"
BROKEN = {"StartAt": "Broken", "States": {"Broken": {"Type": "Fail", "Error": "Broken"}}}
Paused = Iterator[Collection[str]]  # the names of the queues that nothing reads meanwhile


@dataclass(frozen=True)
class Component:
    """A component of a system; `name` is without prefix and stage."""

    kind: str
    name: str
    context: str


def components(contender: Contender) -> list[Component]:
    """List the components to take out: functions of orders, its workflow and e-mail, and listeners' delivery parts.

    Those that may leave orders open come first, so that these orders' deadlines run during the other outages.
    """
    found = [
        Component(FUNCTION, contender.short(str(function.properties["FunctionName"])), "orders")
        for function in contender.stacks["orders"].functions.values()
        if function.is_own_code
    ]
    if contender.system.has_workflow and not contender.in_code:  # else it is one of the functions
        found.append(Component(WORKFLOW, "", "orders"))
    found.append(Component(MAIL, "(SES refuses the sender)", "orders"))
    for context in contender.contexts:
        for reader in contender.readers(context):
            if context != "orders":
                found.append(Component(FUNCTION, contender.short(reader.function), context))
            found.append(Component(READER, contender.short(reader.queue.name), context))
        rules = contender.stacks[context].of(EVENT_RULE).values()
        found += [Component(RULE, contender.short(rule["Name"]), context) for rule in rules if "EventPattern" in rule]
    return found


def out(contender: Contender, component: Component) -> AbstractContextManager[Collection[str]]:
    """Take a component out while the block runs; yields the names of queues in which messages wait meanwhile."""
    ways = {
        FUNCTION: _uncallable,
        READER: _unread,
        RULE: _disabled,
        WORKFLOW: _broken_workflow,
        MAIL: _refused_sender,
    }
    return ways[component.kind](contender, component)


@contextmanager
def _uncallable(contender: Contender, component: Component) -> Paused:
    """Make a function unusable: its callers are throttled.

    A function that reads a queue gets a broken handler instead, because a throttled one would not read at all, and
    messages would never become dead letters.
    """
    function, functions = f"{contender.target.prefix}-{component.name}", contender.target.client("lambda")
    read = [reader.queue for reader in contender.readers() if reader.function == function]
    with ExitStack() as restored:
        for queue in read:
            restored.enter_context(redelivered_soon(queue))
        if read:
            restored.enter_context(without_code(contender.target, function))
        else:
            functions.put_function_concurrency(FunctionName=function, ReservedConcurrentExecutions=0)
            restored.callback(functions.delete_function_concurrency, FunctionName=function)
        yield ()


@contextmanager
def _unread(contender: Contender, component: Component) -> Paused:
    readers = contender.readers(component.context)
    [reader] = [each for each in readers if contender.short(each.queue.name) == component.name]
    with reader.outage():
        yield (reader.queue.name,)


@contextmanager
def _disabled(contender: Contender, component: Component) -> Paused:
    rules = contender.stacks[component.context].of(EVENT_RULE).values()
    [rule] = [each for each in rules if contender.short(str(each.get("Name"))) == component.name]
    named = {key: str(rule[key]) for key in ("Name", "EventBusName") if key in rule}
    events = contender.target.client("events")
    events.disable_rule(**named)
    try:
        yield ()
    finally:
        events.enable_rule(**named)


@contextmanager
def _broken_workflow(contender: Contender, _: Component) -> Paused:
    """Let each new execution fail at once; running ones go on with the definition that they began with."""
    states, arn = contender.target.client("stepfunctions"), contender.system.stacks.output("orders", "StateMachineArn")
    before = states.describe_state_machine(stateMachineArn=arn)["definition"]
    states.update_state_machine(stateMachineArn=arn, definition=json.dumps(BROKEN))
    try:
        yield ()
    finally:
        states.update_state_machine(stateMachineArn=arn, definition=before)


@contextmanager
def _refused_sender(contender: Contender, _: Component) -> Paused:
    """Let SES refuse the sender; queues redeliver quickly, so that functions soon give up."""
    functions = contender.stacks["orders"].functions.values()
    told = [function.properties.get("Environment", {}).get("Variables", {}) for function in functions]
    [sender] = {str(variables["SENDER"]) for variables in told if "SENDER" in variables}
    ses = contender.target.client("ses")
    with ExitStack() as restored:
        for reader in contender.readers():
            restored.enter_context(redelivered_soon(reader.queue))
        ses.delete_identity(Identity=sender)
        restored.callback(ses.verify_email_identity, EmailAddress=sender)
        yield ()
