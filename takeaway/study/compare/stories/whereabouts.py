"""Answer “Where is order X, and what happens next?” from AWS, counting the calls and the facts that they give."""

import json
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from takeaway.check.fitness.patterns import may_match
from takeaway.facts import facts_of
from takeaway.run.client.people import People
from takeaway.run.client.system import System
from takeaway.run.client.target import Target
from takeaway.study.compare.contender import CONFIRMED, PATIENCE_SECONDS, TOLD, Contender, wait_until
from takeaway.study.compare.findings import Cell, Told, named, number

FIELDS = ("home", "stage", "endpoint", "profile", "credentials")  # of a Target, without its clients
HEARD = {"restaurant": "message", "customer": "user_notified"}  # by kind or name of an entry of the journal
TELLS = {"Notify restaurant": "restaurant", "Notify user": "customer"}  # states
Facts = dict[str, str | None]


@dataclass(frozen=True)
class CountingTarget(Target):
    """A target whose clients count every AWS call, by operation."""

    calls: Counter[str] = field(default_factory=Counter)

    def _new_client(self, service: str) -> Any:
        client = super()._new_client(service)
        client.meta.events.register("before-call", lambda model, **_: self.calls.update([model.name]))
        return client


def ask(contender: Contender, _: int) -> Told:
    people = People(contender.system)
    order_id = people.place()
    _comes(contender, order_id, TOLD)
    cells = _answered(contender, order_id, "while the restaurant thinks")
    people.act("accept", order_id)
    _comes(contender, order_id, CONFIRMED)
    cells |= _answered(contender, order_id, "while it is delivered")
    people.act("complete", order_id)
    return Told(cells)


def _comes(contender: Contender, order_id: str, change: str) -> None:
    """Wait until a change is recorded, and visible where the operator asks: in the workflow, or in the journal.

    The workflow has it once it waits for a callback again; the journal once it has the event and the restaurant's
    message.
    """
    contender.comes(order_id, change)
    waits = contender.waits if contender.system.has_workflow else ()
    event = change.partition(":")[0]

    def is_known() -> bool:
        if waits:
            return contender.system.workflow.steps(order_id)[-1].name in waits
        entries = contender.system.journal.of_order(order_id)
        return {event, "message"} <= {known for entry in entries for known in (entry.kind, entry.name)}

    wait_until(is_known, seconds=PATIENCE_SECONDS)


def _answered(contender: Contender, order_id: str, when: str) -> dict[str, Cell]:
    counting = CountingTarget(**{name: getattr(contender.target, name) for name in FIELDS})
    asked = replace(contender, system=System(counting))
    asked.system.__dict__["stacks"] = contender.system.stacks  # an operator knows what is deployed
    facts = _by_history(asked, order_id) if contender.system.has_workflow else _by_guessing(asked, order_id)
    return {
        f"{when}: calls of AWS": number(counting.calls.total()),
        f"{when}: which": named([f"{name} ×{n}" if n > 1 else name for name, n in counting.calls.items()]),
        **{f"{when}: {name}": named([fact] if fact else [], "nobody knows") for name, fact in facts.items()},
        f"{when}: answered of {len(facts)}": number(sum(map(bool, facts.values()))),
    }


def _by_history(contender: Contender, order_id: str) -> Facts:
    """Answer from the execution's history, which has the past, and the definition, which has the next step.

    AWS has no definition of a workflow in code; its history has the deadline of a wait.
    """
    steps = contender.system.workflow.steps(order_id)
    now = steps[-1]
    told = dict.fromkeys(who for step in steps[:-1] if (who := TELLS.get(step.name)))
    if contender.in_code:
        until = f"{now.deadline:%H:%M:%S}" if now.deadline else None
        return {"state": now.name, "next step": None, "deadline": until, "who was told": " and ".join(told) or None}
    machine = contender.definition
    ways = [way for way in machine.transitions(now.name) if way.kind != "catch"]
    limit = machine.states[now.name].get("TimeoutSeconds")
    return {
        "state": now.name,
        "next step": ", ".join(way.target for way in ways) or None,
        "deadline": f"{now.at + timedelta(seconds=limit):%H:%M:%S}" if limit else None,
        "who was told": " and ".join(told) or None,
    }


def _by_guessing(contender: Contender, order_id: str) -> Facts:
    """Answer from the order's item, the journal, and the rules that would react to the last event."""
    item = contender.system.kept(order_id)
    entries = contender.system.journal.of_order(order_id)
    events = [entry for entry in entries if entry.kind == "event"]
    prefix, source = contender.target.prefix, facts_of("orders").source
    rules = contender.target.client("events").list_rules(EventBusName=prefix)["Rules"] if events else []
    reacting = [  # rules of orders only: what neighbours do is not the order's next step
        rule["Name"]
        for rule in rules
        if rule["Name"].startswith(f"{prefix}-orders-")
        and may_match(json.loads(rule["EventPattern"]), source=source, detail_type=events[-1].name)
    ]
    heard = dict.fromkeys(who for entry in entries for who in HEARD if HEARD[who] in (entry.kind, entry.name))
    schedules = contender.target.client("scheduler").list_schedules(NamePrefix=prefix)["Schedules"]
    return {
        "state": item.status,
        "next step": ", ".join(reacting) or None,
        "deadline": str(schedules[0]["Name"]) if any(order_id in each["Name"] for each in schedules) else None,
        "who was told": " and ".join(heard) or None,
    }
