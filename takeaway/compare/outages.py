"""Takes one component of a system out, and gives it back. Each in a way that the engine enforces and AWS has as well."""

import json
from collections.abc import Collection, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from takeaway.client import consumer
from takeaway.client.queues import Queue
from takeaway.client.subscription import Subscription
from takeaway.compare.inspection import LISTENERS, url_of
from takeaway.compare.trio import Contender
from takeaway.fitness.stack import EVENT_RULE, EVENT_SOURCE, QUEUE, Stack
from takeaway.fitness.values import logical_id

REDELIVERY_SECONDS = 1  # instead of minutes, and only while nobody reads the queue: the tries are as many as deployed
GONE = "gone.handler"  # no function carries such a module
BROKEN = {"StartAt": "Broken", "States": {"Broken": {"Type": "Fail", "Error": "Broken"}}}
FUNCTION, READER, RULE, WORKFLOW, MAIL = "function", "reader of queue", "rule", "workflow", "e-mail"


@dataclass(frozen=True)
class Component:
    """`name` is what it is called behind the stage, `context` whose it is."""

    kind: str
    name: str
    context: str

    @property
    def told(self) -> str:
        return f"{self.kind} {self.name}".strip()


def components(contender: Contender) -> list[Component]:
    """What can be taken out: all of orders' functions, and of everybody who listens what brings events to him.

    Those first after which orders may stay open, so that their deadlines run while the others are looked at.
    """
    found = [
        Component(FUNCTION, _short(contender, str(function.properties["FunctionName"])), "orders")
        for function in contender.stacks["orders"].functions.values()
        if function.is_own_code
    ]
    if contender.system.has_workflow:
        found.append(Component(WORKFLOW, "", "orders"))
    found.append(Component(MAIL, "(SES refuses the sender)", "orders"))
    for context in LISTENERS:
        for reader in readers(contender, context):
            if context != "orders":
                found.append(Component(FUNCTION, _short(contender, reader.function), context))
            found.append(Component(READER, _short(contender, reader.queue.name), context))
        rules = contender.stacks[context].of(EVENT_RULE).values()
        found += [Component(RULE, _short(contender, rule["Name"]), context) for rule in rules if "EventPattern" in rule]
    return found


@contextmanager
def out(contender: Contender, component: Component) -> Iterator[Collection[str]]:
    """The names of the queues that nobody reads meanwhile and in which messages wait. Restored when the block ends."""
    name = f"{contender.target.prefix}-{component.name}"
    match component.kind:
        case "function":
            with _uncallable(contender, name):
                yield ()
        case "reader of queue":
            [reader] = [each for each in readers(contender, component.context) if each.queue.name == name]
            consumer.switch(reader, out=True)
            try:
                yield (name,)
            finally:
                consumer.switch(reader, out=False)
        case "rule":
            with _disabled(contender, component.context, name):
                yield ()
        case "workflow":
            with _broken_workflow(contender):
                yield ()
        case "e-mail":
            with _refused_sender(contender):
                yield ()


def readers(contender: Contender, context: str) -> list[Subscription]:
    """The queues of a context that a function reads, with their dead letters."""
    stack, sqs, found = contender.stacks[context], contender.target.client("sqs"), []
    for mapping in stack.of(EVENT_SOURCE).values():
        queue = logical_id(mapping["EventSourceArn"])
        function = stack.function_at(mapping["FunctionName"])
        letters = stack.dead_letters_of(queue)
        if function and letters:
            urls = [url_of(contender, stack.of(QUEUE)[each]["QueueName"]) for each in (queue, letters)]
            name = str(function.properties["FunctionName"])
            found.append(
                Subscription(contender.target, context, Queue(sqs, urls[0]), Queue(sqs, urls[1]), name, rule="")
            )
    return found


@contextmanager
def _uncallable(contender: Contender, function: str) -> Iterator[None]:
    """Whoever calls it is throttled. From a queue nothing would be read then: there it fails instead, at every try."""
    functions = contender.target.client("lambda")
    read = [each.queue for context in LISTENERS for each in readers(contender, context) if each.function == function]
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
    stack: Stack = contender.stacks[context]
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
        for context in LISTENERS:
            for reader in readers(contender, context):
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


def _short(contender: Contender, name: str) -> str:
    return name.removeprefix(f"{contender.target.prefix}-")
