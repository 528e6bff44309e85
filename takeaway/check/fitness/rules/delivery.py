"""Rules for subscribers: each needs a queue, a dead-letter queue, an alarm, and an event that somebody publishes."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from takeaway.check.fitness.code import Code
from takeaway.check.fitness.evidence import Evidence
from takeaway.check.fitness.patterns import may_match
from takeaway.check.fitness.rule import Finding, Told, check
from takeaway.check.templates.stack import EVENT_RULE, EVENT_SOURCE, QUEUE, SUBSCRIPTION, Stack
from takeaway.check.templates.values import flat, listed, logical_id, references
from takeaway.errors import TakeawayError

TO_PEOPLE = ("email", "email-json", "sms")  # subscriptions of people, who need no queue


@dataclass(frozen=True)
class Subscription:
    """One target of a bus's rule, or one subscription to a topic; queues are given by logical id."""

    stack: Stack
    what: str
    target: Any
    undelivered: str | None

    @property
    def where(self) -> str:
        return f"{self.stack.name}: {self.what}"

    @property
    def queue(self) -> str | None:
        found = logical_id(self.target)
        return found if found in self.stack.of(QUEUE) else None

    @property
    def dead_letters(self) -> list[str]:
        """The dead-letter queues: of messages that can't be processed, and of those that can't be delivered."""
        named = {self.queue and self.stack.dead_letters_of(self.queue), self.undelivered}
        return sorted(name for name in self.stack.of(QUEUE) if name in named)


def subscriptions(evidence: Evidence) -> Iterator[Subscription]:
    for stack in evidence.stacks.values():
        for name, rule in stack.of(EVENT_RULE).items():
            for target in rule.get("Targets", ()):
                dead = target.get("DeadLetterConfig", {}).get("Arn")
                yield Subscription(stack, f"rule {stack.called(name)}", target["Arn"], dead and logical_id(dead))
        for name, subscription in stack.of(SUBSCRIPTION).items():
            if subscription.get("Protocol") not in TO_PEOPLE:
                what = f"subscription to {flat(subscription.get('TopicArn')).rpartition(':')[2]}"
                yield Subscription(stack, what, subscription.get("Endpoint"), name)


@check("through-a-queue")
def through_a_queue(evidence: Evidence) -> Iterator[Told]:
    for each in subscriptions(evidence):
        if each.queue is None:
            yield Finding(each.where, f"delivers to {flat(each.target)}, which is no queue of its own stack")
            continue
        queue = each.stack.called(each.queue)
        readers = [
            each.stack.function_at(source.get("FunctionName"))
            for source in each.stack.of(EVENT_SOURCE).values()
            if logical_id(source.get("EventSourceArn")) == each.queue
        ]
        names = ", ".join(reader.name for reader in readers if reader)
        if not names:
            yield Finding(each.where, f"delivers to {queue}, which no function reads")
        yield f"{each.where} → {queue} → {names or 'nobody'}"


@check("dead-letters")
def dead_letters(evidence: Evidence) -> Iterator[Told]:
    for each in subscriptions(evidence):
        if each.queue is None:
            continue
        if each.stack.dead_letters_of(each.queue) is None:
            what = f"{each.stack.called(each.queue)} has no dead-letter queue for what can't be handled"
            yield Finding(each.where, what)
        if each.undelivered is None:
            yield Finding(each.where, "has no dead-letter queue for what can't be delivered (DeadLetterConfig)")
        yield f"{each.where}: dead letters in {', '.join(map(each.stack.called, each.dead_letters)) or 'nothing'}"


@check("alarms")
def alarms(evidence: Evidence) -> Iterator[Told]:
    for each in subscriptions(evidence):
        for queue in each.dead_letters:
            called, alarmed = each.stack.called(queue), queue in each.stack.alarmed_queues
            yield (
                f"{each.where}: an alarm on {called}"
                if alarmed
                else Finding(each.where, f"nobody is alarmed by a message in {called}")
            )


@check("something-published")
def something_published(evidence: Evidence) -> Iterator[Told]:
    """Find rules that match no published event: they would never fire, and look healthy."""
    for stack in evidence.stacks.values():
        shared = {name: rule for name, rule in stack.of(EVENT_RULE).items() if _is_shared(rule, evidence)}
        for name, rule in shared.items():
            where = f"{stack.name}: rule {stack.called(name)}"
            yield from _heard(where, rule.get("EventPattern", {}), evidence.code)
        consumed = f"contexts/{stack.name}/consumed_events.py"
        if not shared and (evidence.code.root / consumed).exists():
            yield Finding(consumed, "reads events, but its stack listens to none")


def _heard(where: str, pattern: dict[str, Any], code: Code) -> Iterator[Told]:
    sources = [source for source in code.sources if may_match(pattern, source=source)]
    publishers, asked = ", ".join(sources), listed(pattern.get("detail-type"))
    types = {kind for source in sources for kind in code.published_types(source)}
    if not sources:
        yield Finding(where, f"listens to {flat(pattern.get('source', 'everything'))}: nobody publishes that")
    for each in asked if sources else ():
        if isinstance(each, str) and each not in types:
            yield Finding(where, f"listens to {each}, of which {publishers} has no schema")
    yield f"{where} hears {flat(pattern.get('detail-type', 'everything'))} of {publishers or 'nobody'}"


def _is_shared(rule: dict[str, Any], evidence: Evidence) -> bool:
    bus = rule.get("EventBusName")
    return bus is not None and (flat(bus) in evidence.buses or bool(references(bus)))


@check("reads-what-is-published")
def reads_what_is_published(evidence: Evidence) -> Iterator[Told]:
    """Find consumers that read a field which no event has: deployed, they look healthy and do nothing."""
    try:
        consumers, disagreements = evidence.code.declared
    except TakeawayError as error:  # a schema or a declaration can't be read
        yield Finding("shared/schemas and consumed_events.py", str(error))
        return
    yield from (Finding(each.file, each.what) for each in disagreements)
    yield from (f"{name}: its models were asked to read what may be published" for name in consumers)
