"""The commands dlq, which looks at a context's dead letters, and redrive, which moves them back into the queue."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated

import typer

from takeaway.run.cli import options
from takeaway.run.cli.outage_replay import Context
from takeaway.run.cli.output import AsJson, messages, plain, print_json, results, steps
from takeaway.run.cli.times import YEAR_SECONDS, ago
from takeaway.run.client import dead_letters, health_text
from takeaway.run.client.dead_letters import DeadLetter
from takeaway.run.client.dead_letters import redrive as redrive_all
from takeaway.run.client.health import Consumer, State, health_of

SHORT_BODY, SHORT_REASON = 160, 300


def dlq(
    context: typer.Context,
    name: Context,
    *,
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="The most messages to look at.")] = 100,
    wait: Annotated[
        int,
        typer.Option(min=0, max=YEAR_SECONDS, metavar="SECONDS", help="If there is none, the time to wait for one."),
    ] = 0,
    full: Annotated[
        bool, typer.Option("--full", help="Show reasons and bodies whole; a body may have personal data.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Look into a context's dead-letter queue: each message with its reason, its age and its body.

    Nothing is removed. The reason is the last error that the function logged about the message, or EventBridge's error
    for an event that it could not deliver. With --json bodies are whole. --wait reports the context's health meanwhile,
    because a message that failed becomes a dead letter only after the last of its tries.

    Example: takeaway dlq promotions --json | jq -r '.[].reason'
    """
    subscription = options.of(context).system().subscription(name)
    with steps(f"looking into {subscription.dead_letters.name}"):
        dead_letters.await_first(subscription, seconds=wait, told=_teller(name))
        found = dead_letters.look(subscription, limit=limit)
    if as_json:
        print_json(found)
        return
    depth = subscription.dead_letters.depth()
    for letter in found:
        _print(letter, full=full)
    if found:
        again = plain(subscription.target.command(f"redrive {name}"))
        more = f" of about {depth.waiting:,}: --limit shows more" if depth.waiting > len(found) else ""
        messages.print(f"{_messages(len(found))}{more}. Mend the cause, then: {again}")
    else:
        messages.print(f"No dead letters of {plain(name)}.")
        if (how := health_of(subscription)).state is not State.WORKING:
            messages.print(f"[yellow]{plain(name)}[/] is {plain(health_text.of_consumer(how))}")
    _tell_hidden(depth.in_flight)


def _teller(name: str) -> Callable[[Consumer], None]:
    """Make a function that prints the consumer's health when it changes.

    "Working" has to be seen twice: for a moment a message on its way to the dead letters is in neither queue.
    """
    told_last = seen_last = health_text.of_consumer(Consumer(""))

    def tell(consumer: Consumer) -> None:
        nonlocal told_last, seen_last
        now = health_text.of_consumer(consumer)
        if now != told_last and (consumer.state is not State.WORKING or seen_last == now):
            messages.print(f"[yellow]{plain(name)}[/] is {plain(now)}")
            told_last = now
        seen_last = now

    return tell


def _tell_hidden(count: int) -> None:
    """Tell how many messages are invisible: a look that was killed hides those it received for a minute."""
    if count:
        messages.print(f"[yellow]{_messages(count)} more can't be seen while another look or redrive has them[/]")


def _print(letter: DeadLetter, *, full: bool) -> None:
    reason, body = letter.reason, letter.body
    if not full:
        reason, body = _shortened(reason, SHORT_REASON), _shortened(body, SHORT_BODY)
    age = ago(letter.sent_at, now=datetime.now(UTC))
    results.print(f"[bold]{plain(letter.message_id)}[/]  {age} old, received {letter.received}×")
    results.print(f"  [red]{plain(reason)}[/]")
    results.print(f"  [dim]{plain(body)}[/]")


def _shortened(text: str, length: int) -> str:
    line = " ".join(text.split())
    return line if len(line) <= length else f"{line[:length]}…"


def redrive(context: typer.Context, name: Context, *, as_json: AsJson = False) -> None:
    """Put a context's dead letters back into its queue. Mend the cause first, or they come back: see `takeaway dlq`.

    It can be run again at any time, because consumers are idempotent. Interrupted, it leaves the other messages where
    they were.

    Example: takeaway redrive promotions
    """
    subscription = options.of(context).system().subscription(name)
    source, destination = subscription.dead_letters, subscription.queue
    about = _messages(source.depth().waiting)
    messages.print(f"about {about} from {plain(source.name)} back to {plain(destination.name)}")
    with steps("redriving") as progress:
        moved = redrive_all(subscription, lambda count: progress.step(f"redriving: {count:,} of about {about}"))
    left = source.depth()
    if as_json:
        print_json({"context": name, "moved": moved, "left": left.waiting + left.in_flight})
    elif moved:
        results.print(f"{_messages(moved)} moved")
    else:
        messages.print(f"No dead letters of {plain(name)}: nothing to redrive.")
    _tell_hidden(left.in_flight)


def _messages(count: int) -> str:
    return f"{count} message" if count == 1 else f"{count:,} messages"
