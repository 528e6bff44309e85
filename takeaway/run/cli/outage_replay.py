"""The commands outage, which stops a context's consumer, and replay, which sends past events to one context."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated

import typer

from takeaway.errors import UsageError
from takeaway.run.cli import completing, options
from takeaway.run.cli.output import AsJson, messages, plain, print_json, results, steps
from takeaway.run.cli.times import moment, shown
from takeaway.run.client.replay import replay_of
from takeaway.run.client.subscription import Subscription

Context = Annotated[
    str,
    typer.Argument(
        metavar="CONTEXT",
        help="A context that listens to the bus: promotions, analytics …",
        autocompletion=completing.contexts,
    ),
]
TIME = "2026-11-24T12:00:00Z, or how long ago: 30m, 2h, 7d"


class Switch(StrEnum):
    ON = "on"
    OFF = "off"


def outage(
    context: typer.Context,
    name: Context,
    switch: Annotated[Switch | None, typer.Argument(metavar="on|off", help="Left out: show the present state.")] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Stop a context's consumer (on), or start it again (off). Messages wait in its queue; no other context notices.

    A batch that is being processed is still finished. The queue keeps messages for 7 days.

    Example: takeaway outage promotions on
    """
    subscription = options.of(context).system().subscription(name)
    if switch:
        _switch(subscription, out=switch is Switch.ON)
    out, queue = subscription.is_out, subscription.queue.depth()
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
    results.print(f"[bold]{plain(name)}[/]  {'[yellow]is out[/]' if out else '[green]is at work[/]'}")
    given_up = letters.waiting + letters.in_flight
    results.print(f"waiting {queue.waiting:,}, being worked on {queue.in_flight:,}, dead letters {given_up:,}")


def _switch(subscription: Subscription, *, out: bool) -> None:
    what = "stops reading" if out else "reads"
    messages.print(f"{plain(subscription.function)} {what} {plain(subscription.queue.name)}")
    with steps("waiting until it does") as progress:
        changed = subscription.switch(out=out)
        progress.done("done" if changed else "nothing to do: it was so already")


def replay(
    context: typer.Context,
    *,
    to: Annotated[
        str,
        typer.Option(
            metavar="CONTEXT",
            help="The only context that gets the events.",
            autocompletion=completing.contexts,
        ),
    ],
    start: Annotated[str, typer.Option("--from", metavar="TIME", help=TIME)],
    end: Annotated[str | None, typer.Option("--until", metavar="TIME", help="Likewise; now if left out.")] = None,
    as_json: AsJson = False,
) -> None:
    """Replay past events from the archive of the bus, to one context alone.

    Consumers are idempotent, so an event that is replayed twice changes nothing. Interrupted, the replay is cancelled.
    On AWS it may take ten minutes until a new event is in the archive.

    Example: takeaway replay --to analytics --from 2h
    """
    now = datetime.now(UTC)
    begins, ends = moment("--from", start, now=now), moment("--until", end or "0s", now=now)
    if ends > now:
        raise UsageError(f"--until: {shown(ends)} is still to come, and only what has happened can be replayed.")
    if begins >= ends:
        raise UsageError(f"--from has to be before --until: {shown(begins)} is not before {shown(ends)}.")
    system = options.of(context).system()
    subscription = system.subscription(to)
    planned = replay_of(subscription, system.stacks.output("bus", "BusName"), start=begins, end=ends)
    messages.print(
        f"from archive {plain(planned.archive)}, which has {planned.events_in_archive:,} events of all times,"
    )
    rule = plain(subscription.rule)
    messages.print(f"those of {shown(planned.start)} to {shown(ends)} go to rule {rule} and to no other")
    with steps("replaying") as progress:
        name = planned.run(lambda at: progress.step(f"replaying: has come to {shown(at)}"))
    if as_json:
        print_json({"context": to, "replay": name, "from": planned.start, "until": ends, "rule": subscription.rule})
    else:
        results.print(f"{plain(name)} completed")
