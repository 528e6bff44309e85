"""Play one order as far as its people can bring it, until nothing in the system moves any more."""

from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from takeaway.errors import Refused
from takeaway.run.client.people import People
from takeaway.study.compare.contender import CONFIRMED, PATIENCE_SECONDS, TOLD, Contender, wait_until


@dataclass
class Life:
    """The results of people's calls; None if they did not get so far, False if the API refused."""

    order_id: str | None = None
    accepted: bool | None = None
    delivered: bool | None = None


def live(contender: Contender, *, paused: Collection[str] = ()) -> Life:
    """Place an order; the restaurant accepts it once it is told, and delivers it. Nothing reads `paused` queues."""
    people, life = People(contender.system), Life()
    try:
        order_id = life.order_id = people.place()
    except Refused:
        return life

    def comes(change: str) -> bool:
        return contender.comes(order_id, change, hopeless=lambda: not contender.moves(order_id, paused))

    if not comes(TOLD):
        return life
    life.accepted = done(lambda: people.act("accept", order_id))
    if not life.accepted:
        return life
    comes(CONFIRMED)  # not required: the restaurant delivers what it has accepted
    if not contender.system.kept(order_id).is_open:
        return life
    life.delivered = done(lambda: people.act("complete", order_id))
    if life.delivered:
        comes("order_completed")
    return life


def live_at_once(contender: Contender, orders: int) -> list[str]:
    """Play several orders at once until nothing moves any more, and return the ids of those that were placed."""
    with ThreadPoolExecutor(orders) as pool:
        lives = list(pool.map(lambda _: live(contender), range(orders)))
    ids = [life.order_id for life in lives if life.order_id]
    for order_id in ids:
        settle(contender, order_id)
    return ids


def settle(contender: Contender, order_id: str | None, *, paused: Collection[str] = ()) -> None:
    """Wait until nothing moves any more, neither in orders nor in its neighbours."""
    wait_until(lambda: False, seconds=PATIENCE_SECONDS, hopeless=lambda: not contender.moves(order_id, paused))


def done(act: Callable[[], object]) -> bool:
    """Make a call; False if the API refuses it."""
    try:
        act()
    except Refused:
        return False
    return True
