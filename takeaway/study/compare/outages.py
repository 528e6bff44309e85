"""Takes one component out, and gives it back: in a way that the engine enforces and that AWS has as well."""

import json
from collections.abc import Collection, Iterator
from contextlib import ExitStack, contextmanager

from takeaway.check.templates.stack import EVENT_RULE
from takeaway.run.client import consumer
from takeaway.run.client.queues import Queue
from takeaway.study.compare.components import Component
from takeaway.study.compare.contender import Contender

REDELIVERY_SECONDS = 1  # instead of minutes, and only while nobody reads the queue: the tries are as many as deployed
GONE = "gone.handler"  # no function carries such a module
BROKEN = {"StartAt": "Broken", "States": {"Broken": {"Type": "Fail", "Error": "Broken"}}}


@contextmanager
def out(contender: Contender, component: Component) -> Iterator[Collection[str]]:
    """The names of the queues that nobody reads meanwhile and in which messages wait. Restored when the block ends."""
    name = f"{contender.target.prefix}-{component.name}"
    match component.kind:
        case "function":
            with _uncallable(contender, name):
                yield ()
        case "reader of queue":
            [reader] = [each for each in contender.readers(component.context) if each.queue.name == name]
            with ExitStack() as restored:
                restored.callback(consumer.switch, reader, out=False)
                consumer.switch(reader, out=True)
                yield (name,)
        case "rule":
            with _disabled(contender, component.context, name):
                yield ()
        case "workflow":
            with _broken_workflow(contender):
                yield ()
        case "e-mail":
            with _refused_sender(contender):
                yield ()


@contextmanager
def _uncallable(contender: Contender, function: str) -> Iterator[None]:
    """Whoever calls it is throttled. From a queue nothing would be read then: there it fails instead, at every try."""
    functions = contender.target.client("lambda")
    read = [reader.queue for reader in contender.readers() if reader.function == function]
    with ExitStack() as restored:
        for queue in read:
            restored.enter_context(_redelivered_soon(queue))
        if read:
            handler = functions.get_function_configuration(FunctionName=function)["Handler"]
            functions.update_function_configuration(FunctionName=function, Handler=GONE)
            restored.callback(functions.update_function_configuration, FunctionName=function, Handler=handler)
        else:
            functions.put_function_concurrency(FunctionName=function, ReservedConcurrentExecutions=0)
            restored.callback(functions.delete_function_concurrency, FunctionName=function)
        yield


@contextmanager
def _redelivered_soon(queue: Queue) -> Iterator[None]:
    before = queue.attributes("VisibilityTimeout")["VisibilityTimeout"]
    change = queue.client.set_queue_attributes
    change(QueueUrl=queue.url, Attributes={"VisibilityTimeout": str(REDELIVERY_SECONDS)})
    try:
        yield
    finally:
        change(QueueUrl=queue.url, Attributes={"VisibilityTimeout": before})


@contextmanager
def _disabled(contender: Contender, context: str, rule: str) -> Iterator[None]:
    stack = contender.stacks[context]
    [properties] = [each for each in stack.of(EVENT_RULE).values() if each.get("Name") == rule]
    bus = {"EventBusName": str(properties["EventBusName"])} if "EventBusName" in properties else {}
    events = contender.target.client("events")
    events.disable_rule(Name=rule, **bus)
    try:
        yield
    finally:
        events.enable_rule(Name=rule, **bus)


@contextmanager
def _broken_workflow(contender: Contender) -> Iterator[None]:
    """Executions that run go on as they began; each new one fails at once."""
    states, arn = contender.target.client("stepfunctions"), contender.system.stacks.output("orders", "StateMachineArn")
    before = states.describe_state_machine(stateMachineArn=arn)["definition"]
    states.update_state_machine(stateMachineArn=arn, definition=json.dumps(BROKEN))
    try:
        yield
    finally:
        states.update_state_machine(stateMachineArn=arn, definition=before)


@contextmanager
def _refused_sender(contender: Contender) -> Iterator[None]:
    """Functions that send by queues give up as soon as they have had all their tries."""
    ses, sender = contender.target.client("ses"), sender_of(contender)
    with ExitStack() as restored:
        for reader in contender.readers():
            restored.enter_context(_redelivered_soon(reader.queue))
        ses.delete_identity(Identity=sender)
        restored.callback(ses.verify_email_identity, EmailAddress=sender)
        yield


def sender_of(contender: Contender) -> str:
    [sender] = {
        function.properties["Environment"]["Variables"]["SENDER"]
        for function in contender.stacks["orders"].functions.values()
        if "SENDER" in function.properties.get("Environment", {}).get("Variables", {})
    }
    return str(sender)
