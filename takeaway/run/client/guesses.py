"""Say what the traces of an order leave open in a wiring without a workflow. Pure: traces in, sentences out.

A wiring with a workflow has no guesses, because the execution's history says what was done, and the workflow's file
what comes next.
"""

from collections.abc import Iterator
from typing import Any

from takeaway.run.client.journey import Traces

# the statuses that the customer gets an e-mail about; the event user_notified says that it was sent
TOLD_OF = ("ACCEPTED", "REJECTED", "CANCELLED")
NEXT = {
    "PLACED": "Somebody may answer, or nobody ever does: nothing here waits for it, and no deadline will end it.",
    "ACCEPTED": "It may be delivered, or never: nothing here waits for it, and no deadline will end it.",
}


def guesses(order: dict[str, Any], traces: Traces) -> list[str]:
    """List the sentences: what the journey was put together from, what is missing in it, what nobody can know."""
    return [_sources(traces), *_unheard(traces), *_untold(order["status"], traces), *_next(order["status"]),
            *_dead_letters(traces)]  # fmt: skip


def _sources(traces: Traces) -> str:
    events = sum(entry.kind == "event" for entry in traces.entries)
    found = {
        "event": events,
        "message": len(traces.entries) - events,
        "e-mail": len(traces.mails),
        **{each.keeps: len(each.traces) for each in traces.known.values()},
    }
    told = ", ".join(f"{number} {_plural(what, number)}" for what, number in found.items())
    return f"There is no history of the whole: this is guessed from {told}, and the order itself."


def _unheard(traces: Traces) -> Iterator[str]:
    for change in traces.unheard:
        yield (
            f"{change.name} is recorded on the order, but no such event was seen: "
            "whoever should react to it has not heard of it, or not yet."
        )


def _untold(status: str, traces: Traces) -> Iterator[str]:
    names = {(entry.name, entry.content.get("reason")) for entry in traces.entries}
    if status == "PLACED" and ("restaurant_notified", None) not in names:
        yield "Nothing says that the restaurant was told: the message may be on its way, in a queue, or a dead letter."
    if status in TOLD_OF and ("user_notified", status.lower()) not in names:
        yield "Nothing says that the customer was told: the e-mail may be on its way, in a queue, or a dead letter."


def _next(status: str) -> Iterator[str]:
    if status in NEXT:
        yield f"It is {status}. {NEXT[status]}"


def _dead_letters(traces: Traces) -> Iterator[str]:
    for queue, number in traces.dead_letters.items():
        if number:
            yield f"{queue} has {number} {_plural('message', number)}: only reading them shows if one is about this."


def _plural(what: str, number: int) -> str:
    noun, _, rest = what.partition(" ")
    return f"{noun}{'' if number == 1 else 's'}{f' {rest}' if rest else ''}"
