"""What a system consists of that can be taken out, and the queues that its functions read."""

from dataclasses import dataclass

from takeaway.check.templates.stack import EVENT_RULE, EVENT_SOURCE, QUEUE
from takeaway.check.templates.values import logical_id
from takeaway.run.client.subscription import Subscription
from takeaway.study.compare.trio import Contender

FUNCTION, READER, RULE, WORKFLOW, MAIL = "function", "reader of queue", "rule", "workflow", "e-mail"


@dataclass(frozen=True)
class Component:
    """`name` is what it is called behind the stage, `context` whose it is."""

    kind: str
    name: str
    context: str


def components(contender: Contender) -> list[Component]:
    """What can be taken out: all of orders' functions, and of everybody who listens what brings events to him.

    Those first after which orders may stay open, so that their deadlines run while the others are looked at.
    """
    found = [
        Component(FUNCTION, contender.short(str(function.properties["FunctionName"])), "orders")
        for function in contender.stacks["orders"].functions.values()
        if function.is_own_code
    ]
    if contender.system.has_workflow:
        found.append(Component(WORKFLOW, "", "orders"))
    found.append(Component(MAIL, "(SES refuses the sender)", "orders"))
    for context in contender.contexts:
        for reader in readers(contender, context):
            if context != "orders":
                found.append(Component(FUNCTION, contender.short(reader.function), context))
            found.append(Component(READER, contender.short(reader.queue.name), context))
        rules = contender.stacks[context].of(EVENT_RULE).values()
        found += [Component(RULE, contender.short(rule["Name"]), context) for rule in rules if "EventPattern" in rule]
    return found


def readers(contender: Contender, context: str) -> list[Subscription]:
    """The queues of a context that a function reads, with their dead letters."""
    stack, found = contender.stacks[context], []
    for mapping in stack.of(EVENT_SOURCE).values():
        queue, function = logical_id(mapping["EventSourceArn"]), stack.function_at(mapping["FunctionName"])
        if function and (letters := stack.dead_letters_of(queue)):
            read, dead = (contender.queue(stack.of(QUEUE)[each]["QueueName"]) for each in (queue, letters))
            name = str(function.properties["FunctionName"])
            found.append(Subscription(contender.target, context, read, dead, name, rule=""))
    return found
