"""What a subscriber owes itself: a queue, dead letters, an alarm, and something to listen to."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from takeaway.errors import TakeawayError
from takeaway.fitness.evidence import Evidence
from takeaway.fitness.patterns import may_match
from takeaway.fitness.rule import Check, Report
from takeaway.templates.stack import EVENT_RULE, EVENT_SOURCE, QUEUE, SUBSCRIPTION, Stack
from takeaway.templates.values import flat, listed, logical_id, references

TO_PEOPLE = ("email", "email-json", "sms")  # alarms; nobody reads them from a queue


@dataclass(frozen=True)
class Subscription:
    """One target of one rule of a bus, or one subscription of a topic; queues are logical ids."""

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


def subscriptions(evidence: Evidence) -> Iterator[Subscription]:
    for stack in evidence.stacks.values():
        for name, rule in stack.of(EVENT_RULE).items():
            for target in rule.get("Targets", ()):
                dead = target.get("DeadLetterConfig", {}).get("Arn")
                yield Subscription(stack, f"rule {stack.called(name)}", target["Arn"], dead and logical_id(dead))
        for name, subscription in stack.of(SUBSCRIPTION).items():
            if subscription.get("Protocol") in TO_PEOPLE:
                continue
            what = f"subscription to {flat(subscription.get('TopicArn')).rpartition(':')[2]}"
            yield Subscription(stack, what, subscription.get("Endpoint"), name)


def through_a_queue(evidence: Evidence, report: Report) -> None:
    for each in subscriptions(evidence):
        if each.queue is None:
            report.found(each.where, f"delivers to {flat(each.target)}, which is no queue of its own stack")
            continue
        readers = [
            each.stack.function_at(source.get("FunctionName"))
            for source in each.stack.of(EVENT_SOURCE).values()
            if logical_id(source.get("EventSourceArn")) == each.queue
        ]
        names = ", ".join(reader.name for reader in readers if reader)
        if not names:
            report.found(each.where, f"delivers to {each.stack.called(each.queue)}, which no function reads")
        report.saw(f"{each.where} → {each.stack.called(each.queue)} → {names or 'nobody'}")


def dead_letters(evidence: Evidence, report: Report) -> None:
    for each in subscriptions(evidence):
        if each.queue is None:
            continue
        if each.stack.dead_letters_of(each.queue) is None:
            report.found(
                each.where, f"{each.stack.called(each.queue)} has no dead-letter queue for what can't be handled"
            )
        if each.undelivered is None:
            report.found(each.where, "has no dead-letter queue for what can't be delivered (DeadLetterConfig)")
        report.saw(
            f"{each.where}: dead letters in {', '.join(map(each.stack.called, sorted(_dead(each)))) or 'nothing'}"
        )


def alarms(evidence: Evidence, report: Report) -> None:
    for each in subscriptions(evidence):
        for queue in sorted(_dead(each)):
            if queue not in each.stack.alarmed_queues:
                report.found(each.where, f"nobody is alarmed by a message in {each.stack.called(queue)}")
            else:
                report.saw(f"{each.where}: an alarm on {each.stack.called(queue)}")


def _dead(subscription: Subscription) -> set[str]:
    queues = subscription.stack.of(QUEUE)
    named = {subscription.queue and subscription.stack.dead_letters_of(subscription.queue), subscription.undelivered}
    return {name for name in named if name in queues}


def something_published(evidence: Evidence, report: Report) -> None:
    """A rule that listens to what nobody says is silent for ever, and looks healthy."""
    for stack in evidence.stacks.values():
        heard = 0
        for name, rule in stack.of(EVENT_RULE).items():
            if not _is_shared(rule, evidence):
                continue
            heard += 1
            pattern = rule.get("EventPattern", {})
            sources = [source for source in evidence.code.sources if may_match(pattern, source=source)]
            types = {kind: source for source in sources for kind in evidence.code.published_types(source)}
            unknown = [
                each for each in listed(pattern.get("detail-type")) if isinstance(each, str) and each not in types
            ]
            where = f"{stack.name}: rule {stack.called(name)}"
            if not sources:
                report.found(where, f"listens to {flat(pattern.get('source', 'everything'))}: nobody publishes that")
            for each in unknown if sources else ():
                report.found(where, f"listens to {each}, of which {', '.join(sources)} has no schema")
            report.saw(
                f"{where} hears {flat(pattern.get('detail-type', 'everything'))} of {', '.join(sources) or 'nobody'}"
            )
        if not heard and _consumes(evidence, stack):
            report.found(f"contexts/{stack.name}/consumed_events.py", "reads events, but its stack listens to none")


def reads_what_is_published(evidence: Evidence, report: Report) -> None:
    """Whoever reads a field that no event has is deployed in good health, and never does anything again."""
    try:
        consumers, disagreements = evidence.code.declared
    except TakeawayError as error:  # a schema, or a declaration, that can't be read
        report.found("shared/schemas and consumed_events.py", str(error))
        return
    for each in disagreements:
        report.found(each.file, each.what)
    for name in consumers:
        report.saw(f"{name}: its models were asked to read what may be published")


def _is_shared(rule: dict[str, Any], evidence: Evidence) -> bool:
    bus = rule.get("EventBusName")
    return bus is not None and (flat(bus) in evidence.buses or bool(references(bus)))


def _consumes(evidence: Evidence, stack: Stack) -> bool:
    return (evidence.code.root / f"contexts/{stack.name}/consumed_events.py").exists()


CHECKS: dict[str, Check] = {
    "through-a-queue": through_a_queue,
    "dead-letters": dead_letters,
    "alarms": alarms,
    "something-published": something_published,
    "reads-what-is-published": reads_what_is_published,
}
