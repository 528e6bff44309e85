"""A customer's orders are counted and told once, however often, in which order and with which crashes they come."""

from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from hypothesis import event as note
from hypothesis import given
from hypothesis import strategies as st

from contexts.promotions.application.ports import BeingSent, MailNotSent, Overtaken, Recipient
from contexts.promotions.domain.money import Money
from contexts.promotions.domain.policy import Loyalty, VoucherPolicy
from contexts.promotions.domain.reward import FixedAmount, PartOfBasket
from contexts.promotions.domain.voucher import CompletedOrder
from tests.fakes.vouchers import Crash, World

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
ANNA = Recipient("anna@example.com")
EVERY = 3
POLICY = VoucherPolicy(
    timedelta(days=30), {"EUR": PartOfBasket(1500, 10, 1000)}, Loyalty(EVERY, {"EUR": FixedAmount(1500, 700)})
)
BASKETS = (2000, 350, 9000, 1500)  # one of them earns nothing
ORDERS = [CompletedOrder(f"order-{n}", "anna", Money(basket, "EUR"), NOON) for n, basket in enumerate(BASKETS)]
DEPTH = 3  # the most functions that work at once
FAILURES = (Crash, BeingSent, MailNotSent, Overtaken)  # after each of these the message is delivered again

deliveries = st.lists(st.sampled_from(ORDERS), min_size=4, max_size=20)
fates = st.lists(st.sampled_from([*["goes on"] * 12, "dies", "is refused", *ORDERS]), min_size=60, max_size=120)


@dataclass
class Chance:
    """The things that happen at each moment of all functions, as drawn."""

    world: World
    fates: Iterator[str | CompletedOrder]
    at_once: int = 0
    unrecorded: int = 0  # counts e-mails whose sender died before it recorded them

    def happens(self, moment: str) -> None:
        fate = next(self.fates, "goes on")
        if isinstance(fate, CompletedOrder) and self.at_once < DEPTH:
            self.deliver(fate)
        elif fate == "dies":
            self.unrecorded += moment in ("after send", "before record_sent")
            raise Crash
        elif fate == "is refused" and moment == "before send":
            raise MailNotSent("Throttling")

    def deliver(self, order: CompletedOrder) -> None:
        self.at_once += 1
        try:
            with suppress(*FAILURES):
                self.world.issue(order, ANNA)
        finally:
            self.at_once -= 1


@given(deliveries, fates)
def test_every_order_is_counted_once_and_every_voucher_told_once_except_by_the_dead(
    delivered: list[CompletedOrder], drawn: list[str | CompletedOrder]
) -> None:
    world = World(POLICY, NOON + timedelta(seconds=1))
    chance = Chance(world, iter(drawn))
    world.moments.happens = chance.happens
    for order in delivered:
        chance.deliver(order)
        world.clock.advance(timedelta(seconds=10))  # shorter than a queue's redelivery
    world.moments.happens = lambda _: None
    world.clock.advance(timedelta(minutes=3))
    for order in ORDERS * 2:  # a replay of everything, twice
        world.issue(order, ANNA)

    orders, sent = world.orders, Counter(voucher.code for voucher, _ in world.mail.sent)
    assert sorted(orders.numbers.values()) == list(range(1, len(ORDERS) + 1))
    assert orders.counted == {"anna": len(ORDERS)}
    assert orders.vouchers.keys() == {order.order_id for order in ORDERS if order.total.amount >= 1500}
    for id_, voucher in orders.vouchers.items():
        is_due = orders.numbers[id_] % EVERY == 0
        assert voucher.loyalty_order in ({orders.numbers[id_], None} if is_due else {None})
    assert sent.keys() == {voucher.code for voucher in orders.vouchers.values()}
    note(f"e-mails sent again: {sent.total() - len(sent)}, unrecorded: {chance.unrecorded}")
    assert sent.total() == len(sent) + chance.unrecorded
