"""Tell a context's health in words: one wording for `status`, `dlq`, the console, runbooks and labs."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from takeaway.run.client.failures import Failure
from takeaway.run.client.health import Consumer, Health, State
from takeaway.run.client.target import Target
from takeaway.run.client.tries import Tries

A_FEW_MINUTES = 120


def state(health: Health) -> str:
    """Tell a context's state in a line, such as `failing since 12:53:16: 1 of 5 tries, next at 12:56:16`."""
    worst = health.worst
    if health.state is State.BROKEN:
        return f"{State.BROKEN}: its stack is {health.stack}"
    return of_consumer(worst) if worst else State.WORKING


def of_consumer(consumer: Consumer) -> str:
    """Tell one consumer's state in a line."""
    if consumer.state is State.OUT:
        return f"{State.OUT}: its consumer is stopped"
    if consumer.state is State.GAVE_UP:
        return f"{State.GAVE_UP} on {events(consumer.dead_letters)}"
    if consumer.state is not State.FAILING:
        return consumer.state
    since = f" since {clock(consumer.since)}" if consumer.since else ""
    return f"{State.FAILING}{since}{f': {tries(consumer.tries)}' if consumer.tries else ''}"


def tries(made: Tries) -> str:
    """Tell the tries, such as `1 of 5 tries, next at 12:56:16`."""
    what = "a dead letter" if made.is_last else "next"
    return f"{made.done} of {made.at_most} tries, {what} at {clock(made.next_at)}"


def given_up_after(health: Health) -> str:
    """Tell the time until an event that always fails becomes a dead letter; empty if the context reads no queue."""
    each = [consumer.redelivery for consumer in health.consumers if consumer.redelivery]
    return lasting(min(redelivery.until_given_up for redelivery in each)) if each else ""


def particulars(health: Health, target: Target) -> Iterator[tuple[str, str]]:
    """Yield label and text of each further fact: last error, events, tries, alarms, what to do."""
    for consumer in health.consumers:
        several = sum(each.redelivery is not None for each in health.consumers) != 1
        whose = f"{consumer.function.removeprefix(f'{target.prefix}-{health.context}-')}: " if several else ""
        if consumer.last and (health.state is not State.WORKING or health.dead_letters):
            yield "last error", f"{whose}{consumer.last.reason}"
            yield "", _whereabouts(consumer.last)
        if consumer.redelivery:
            after, at_most = consumer.redelivery
            yield "events", f"{whose}{consumer.waiting:,} waiting, {dead_letters(consumer.dead_letters)}"
            yield "tries", f"{at_most} of each, one every {lasting(after)}; then it is a dead letter"
    for alarm in health.alarms:
        yield "alarm", f"{alarm.name} rings since {clock(alarm.since)}: {alarm.tells} ({alarm.runbook})"
    for number, each in enumerate(to_do(health, target)):
        yield "" if number else "what to do", each


def _whereabouts(failure: Failure) -> str:
    about = f"order {failure.order_id}" if failure.order_id else ""
    return ", ".join(each for each in (failure.where, f"at {clock(failure.at)}", about) if each)


def to_do(health: Health, target: Target) -> Iterator[str]:
    """Yield the commands that help now, in the order in which to type them."""
    name, worst = health.context, health.worst
    if health.state is State.BROKEN:
        yield f"`{target.command(f'deploy {name}')}` tries again, and tells what is wrong"
    if worst and health.state in (State.FAILING, State.GAVE_UP):
        order = f" --order {worst.last.order_id[:8]}" if worst.last and worst.last.order_id else ""
        yield f"`{target.command(f'logs {name}{order}')}` shows the whole error"
        yield f"mend it, then `{target.command(f'deploy {name}')}`: what waits is tried again by itself"
    if health.state is State.OUT:
        yield f"`{target.command(f'outage {name} off')}` lets it go on: nothing that waits is lost"
    given_up = [consumer for consumer in health.consumers if consumer.dead_letters]
    if any(not each.internal for each in given_up):
        yield f"then `{target.command(f'redrive {name}')}`: dead letters go back into the queue"
    for each in given_up:
        if each.internal:
            yield f"then move what {each.internal} has back into its queue: docs/runbooks/{name}.md says how"


def events(count: int) -> str:
    return f"{count} event" if count == 1 else f"{count:,} events"


def dead_letters(count: int) -> str:
    return f"{count:,} dead letter{'' if count == 1 else 's'}"


def lasting(time: timedelta) -> str:
    seconds = round(time.total_seconds())
    return f"{seconds} s" if seconds < A_FEW_MINUTES or seconds % 30 else f"{seconds / 60:g} min"


def clock(at: datetime) -> str:
    """Format as local time to the second, with the date if it is not today."""
    local = at.astimezone()
    day = "" if local.date() == _today() else f"{local:%Y-%m-%d} "
    return f"{day}{local:%H:%M:%S}"


def _today() -> date:
    return datetime.now().astimezone().date()
