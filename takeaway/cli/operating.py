"""outage, dlq, redrive, replay: what the team of a context does when it was down or is to see events again."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated

import typer
from rich.markup import escape

from takeaway.cli import options
from takeaway.cli.output import AsJson, messages, print_json, results, steps
from takeaway.cli.times import ago, moment, shown
from takeaway.client import consumer, dead_letters
from takeaway.client.dead_letters import DeadLetter
from takeaway.client.redrive import redrive as redrive_all
from takeaway.client.replay import replay_of
from takeaway.client.subscription import Subscription, subscription_of
from takeaway.errors import UsageError

Context = Annotated[str, typer.Argument(metavar="CONTEXT", help="One that listens to the bus: promotions, analytics …")]
TIME = "2026-11-24T12:00:00Z, or how long ago: 30m, 2h, 7d"
SHORT_BODY, SHORT_REASON = 160, 300


class Switch(StrEnum):
    ON = "on"
    OFF = "off"


def outage(
    context: typer.Context,
    name: Context,
    switch: Annotated[Switch | None, typer.Argument(metavar="on|off", help="Left out: say how things stand.")] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Stop a context's consumer (on) or let it go on (off). Meanwhile messages wait in its queue; nobody else notices.

    A batch that is being worked on is still finished. Messages wait for as long as the queue keeps them, 7 days.

    Example: takeaway outage promotions on
    """
    subscription = _subscription(context, name)
    if switch:
        _switch(subscription, out=switch is Switch.ON)
    out, queue = consumer.is_out(subscription), subscription.queue.depth()
    letters = subscription.dead_letters.depth()
    if as_json:
        print_json(
            {
                "context": name,
                "outage": out,
                "waiting": queue.waiting,
                "in_flight": queue.in_flight,
                "dead_letters": letters.waiting + letters.in_flight,
            }
        )
        return
    results.print(f"[bold]{name}[/]  {'[yellow]is out[/]' if out else '[green]is at work[/]'}")
    given_up = letters.waiting + letters.in_flight
    results.print(f"waiting {queue.waiting:,}, being worked on {queue.in_flight:,}, dead letters {given_up:,}")


def _switch(subscription: Subscription, *, out: bool) -> None:
    messages.print(f"{subscription.function} {'stops reading' if out else 'reads'} {subscription.queue.name}")
    with steps("waiting until it does") as progress:
        changed = consumer.switch(subscription, out=out)
        progress.done("done" if changed else "nothing to do, it was so already")


def dlq(
    context: typer.Context,
    name: Context,
    *,
    limit: Annotated[int, typer.Option(min=1, help="How many to look at.")] = 100,
    full: Annotated[
        bool, typer.Option("--full", help="Whole reasons and bodies; a body may hold personal data.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Look into a context's dead-letter queue: why each message is there, since when, and what is in it.

    Nothing is taken away. The reason is the last error that the function has logged of the message, or what EventBridge
    says of an event that it could not deliver. With --json bodies are whole.

    Example: takeaway dlq promotions --json | jq -r '.[].reason'
    """
    subscription = _subscription(context, name)
    with steps(f"looking into {subscription.dead_letters.name}"):
        found = dead_letters.look(subscription, limit=limit)
    if as_json:
        print_json(found)
        return
    for letter in found:
        _print(letter, full=full)
    if found:
        there = subscription.dead_letters.depth().waiting
        more = f" of about {there}: --limit shows more" if there > len(found) else ""
        messages.print(f"{_messages(len(found))}{more}. Mend the cause, then: takeaway redrive {name}")
    else:
        messages.print(f"The dead-letter queue of {name} is empty.")


def _print(letter: DeadLetter, *, full: bool) -> None:
    reason, body = letter.reason, letter.body
    if not full:
        reason, body = _shortened(reason, SHORT_REASON), _shortened(body, SHORT_BODY)
    age = ago(letter.sent_at, now=datetime.now(UTC))
    results.print(f"[bold]{letter.message_id}[/]  {age} old, received {letter.received} times")
    results.print(f"  [red]{escape(reason)}[/]")
    results.print(f"  [dim]{escape(body)}[/]")


def _shortened(text: str, length: int) -> str:
    line = " ".join(text.split())
    return line if len(line) <= length else f"{line[:length]}…"


def redrive(context: typer.Context, name: Context, *, as_json: AsJson = False) -> None:
    """Put a context's dead letters back into its queue. Mend the cause first, or they come back: see `takeaway dlq`.

    It can be run again at any time: consumers stand a message that comes twice. Interrupted, it leaves the rest where
    it was.

    Example: takeaway redrive promotions
    """
    subscription = _subscription(context, name)
    messages.print(f"from {subscription.dead_letters.name} back to {subscription.queue.name}")
    with steps("redriving") as progress:
        moved = redrive_all(subscription, lambda count: progress.step(f"redriving: {_messages(count)} moved"))
    left = subscription.dead_letters.depth()
    if as_json:
        print_json({"context": name, "moved": moved, "left": left.waiting + left.in_flight})
    elif moved:
        results.print(f"{_messages(moved)} moved")
    else:
        messages.print(f"The dead-letter queue of {name} is empty: nothing to redrive.")


def replay(
    context: typer.Context,
    *,
    to: Annotated[str, typer.Option(metavar="CONTEXT", help="Who gets them, and nobody else: one that listens.")],
    start: Annotated[str, typer.Option("--from", metavar="TIME", help=TIME)],
    end: Annotated[str | None, typer.Option("--until", metavar="TIME", help="The same; now if left out.")] = None,
    as_json: AsJson = False,
) -> None:
    """Replay past events from the archive of the bus, to one context alone.

    Consumers know an event again, so nothing is done twice, however often this is run. Interrupted, it is cancelled. On
    AWS it may take ten minutes until an event is in the archive.

    Example: takeaway replay --to analytics --from 2h
    """
    now = datetime.now(UTC)
    begins, ends = moment("--from", start, now=now), moment("--until", end or "0s", now=now)
    if ends > now:
        raise UsageError(f"--until: {shown(ends)} is still to come, and only what has happened can be replayed.")
    if begins >= ends:
        raise UsageError(f"--from has to be before --until: {shown(begins)} is not before {shown(ends)}.")
    system = options.of(context).system()
    subscription = subscription_of(to, system.target, system.stacks)
    planned = replay_of(subscription, system.stacks.output("bus", "BusName"), start=begins, end=ends)
    messages.print(f"from archive {planned.archive}, which has {planned.events_in_archive:,} events of all times,")
    messages.print(f"those of {shown(begins)} to {shown(ends)} go to rule {subscription.rule} and to no other")
    with steps("replaying") as progress:
        name = planned.run(lambda at: progress.step(f"replaying: has come to {shown(at)}"))
    if as_json:
        print_json({"context": to, "replay": name, "from": begins, "until": ends, "rule": subscription.rule})
    else:
        results.print(f"{name} completed")


def _subscription(context: typer.Context, name: str) -> Subscription:
    system = options.of(context).system()
    return subscription_of(name, system.target, system.stacks)


def _messages(count: int) -> str:
    return f"{count} message" if count == 1 else f"{count:,} messages"
