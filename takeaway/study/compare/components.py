"""What a system consists of that can be taken out, and the queues that its functions read."""

from dataclasses import dataclass

from takeaway.check.templates.stack import EVENT_RULE
from takeaway.study.compare.contender import Contender

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
        for reader in contender.readers(context):
            if context != "orders":
                found.append(Component(FUNCTION, contender.short(reader.function), context))
            found.append(Component(READER, contender.short(reader.queue.name), context))
        rules = contender.stacks[context].of(EVENT_RULE).values()
        found += [Component(RULE, contender.short(rule["Name"]), context) for rule in rules if "EventPattern" in rule]
    return found
