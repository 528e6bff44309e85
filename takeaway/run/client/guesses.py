"""What can only be guessed of an order where there is no history of the whole. Pure: traces in, sentences out.

Where a workflow runs there is nothing to guess: its history says what has been done, and its file what comes next.
"""

from collections.abc import Iterator
from typing import Any

from takeaway.run.client.journey import Traces

# status -> the status that the customer is told of by an e-mail, of which the event user_notified then tells
TOLD_OF = ("ACCEPTED", "REJECTED", "CANCELLED")
NEXT = {
    "PLACED": "Somebody may answer, or nobody ever does: nothing here waits for it, and no deadline will end it.",
    "ACCEPTED": "It may be delivered, or never: nothing here waits for it, and no deadline will end it.",
}


def guesses(order: dict[str, Any], traces: Traces) -> list[str]:
    """What the order's journey was put together from, what is missing in it, and what nobody can tell."""
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
            yield f"{queue} has {number} {_plural('message', number)}: who reads them knows whether one is about this."


def _plural(what: str, number: int) -> str:
    noun, _, rest = what.partition(" ")
    return f"{noun}{'' if number == 1 else 's'}{f' {rest}' if rest else ''}"
