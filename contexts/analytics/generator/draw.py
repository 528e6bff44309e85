"""Draws the orders of a day at random: arrays with one place per order, times in milliseconds since 1970 in UTC."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

import numpy as np
from numpy.typing import NDArray

from contexts.analytics.generator import world

Numbers = NDArray[np.int64]
NEVER = np.iinfo(np.int64).max  # the time of something that does not happen
HOUR, SECOND = 3_600_000, 1000
COMPLETED, REJECTED, EXPIRED, CANCELLED, TIMED_OUT, FAILED = range(6)


@dataclass(frozen=True)
class Day:
    """The orders of a day.

    `until` is the end of the generated time: later changes have not happened yet, so orders of the last evening are
    still open.
    """

    day: date
    until: int
    number: Numbers
    restaurant: Numbers
    outcome: Numbers
    placed: Numbers
    notified: Numbers
    accepted: Numbers
    ended: Numbers
    amount: Numbers
    pieces: Numbers
    reason: Numbers


def orders_per_day(orders: int, *, days: int, start: date, seed: int) -> list[int]:
    """Spread orders over days: weeks have a rhythm, business grows slowly, and no two Fridays are alike."""
    chance = np.random.default_rng([seed])
    number = np.arange(days)
    weekly = np.array(world.WEEK)[(start.weekday() + number) % 7]
    weight = weekly * (1 + 0.15 * number / max(days, 1)) * chance.lognormal(0, 0.06, days)
    return [int(count) for count in chance.multinomial(orders, weight / weight.sum())]


def draw(day: date, count: int, *, first: int, until: date, seed: int, number: int) -> Day:
    """Draw the orders of a day.

    `first` is the number of the day's first order, `number` the day's own number, which seeds its chance.
    """
    chance = np.random.default_rng([seed, number])
    hours = np.array(world.WEEKEND if day.weekday() >= 5 else world.WORKDAY)  # noqa: PLR2004 - Saturday
    hour = chance.choice(24, count, p=hours / hours.sum())
    placed = _milliseconds(day) + np.sort(hour * HOUR + chance.integers(0, HOUR, count))
    rush = np.where(hours[(placed // HOUR) % 24] > world.BUSY, world.RUSH, 1.0)
    shares = np.array([each.share for each in world.RESTAURANTS])
    restaurant = chance.choice(len(shares), count, p=shares / shares.sum())
    answers_in = np.array([each.answers_in for each in world.RESTAURANTS])[restaurant]
    rejects = np.array([each.rejects for each in world.RESTAURANTS])[restaurant]

    answer = (answers_in * rush * chance.lognormal(0, 0.55, count) * SECOND).astype(np.int64) + 4 * SECOND
    outcome = np.full(count, COMPLETED)
    outcome[chance.random(count) < world.TIMED_OUT] = TIMED_OUT
    outcome[chance.random(count) < rejects] = REJECTED
    notified = placed + chance.integers(200, 1500, count)
    outcome[placed + answer >= notified + world.EXPIRES_AFTER] = EXPIRED
    changes_mind = chance.integers(15 * SECOND, 240 * SECOND, count)
    outcome[(chance.random(count) < world.CANCELLED) & (changes_mind < answer)] = CANCELLED
    outcome[chance.random(count) < world.FAILED] = FAILED

    accepted = np.where((outcome == COMPLETED) | (outcome == TIMED_OUT), placed + answer, NEVER)
    delivery = (chance.lognormal(np.log(34 * 60), 0.3, count) * SECOND).astype(np.int64)
    late = np.minimum(answer + delivery, world.LATEST - 1)
    endings = (
        placed + late,
        placed + answer,
        notified + world.EXPIRES_AFTER,
        np.maximum(placed + changes_mind, notified + 1),
        placed + world.LATEST,
        placed + chance.integers(20 * SECOND, 60 * SECOND, count),
    )
    pieces = 1 + chance.choice(len(world.PIECES), count, p=world.PIECES)
    dish = np.array([each.dish for each in world.RESTAURANTS])[restaurant]
    return Day(
        day=day,
        until=_milliseconds(until),
        number=first + np.arange(count),
        restaurant=restaurant,
        outcome=outcome,
        placed=placed,
        notified=np.where(outcome == FAILED, NEVER, notified),
        accepted=accepted,
        ended=np.choose(outcome, endings),
        amount=np.rint(dish * pieces * chance.lognormal(0, 0.2, count) / 5).astype(np.int64) * 5,
        pieces=pieces,
        reason=chance.choice(len(world.REASONS), count, p=world.REASON_SHARES),
    )


def _milliseconds(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()) * SECOND
