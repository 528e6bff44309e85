"""The voucher policy as metadata of the stack, so that a deployment can tell what has changed: "MXN 10 % → 15 %"."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from iso4217 import Currency

from contexts.promotions.domain.policy import VoucherPolicy
from contexts.promotions.domain.reward import FixedAmount, PartOfBasket, Reward


def settings(policy: VoucherPolicy) -> dict[str, str]:
    """Return every value of the policy by a name, amounts as on a menu."""
    found = {"vouchers are valid for": f"{policy.validity.days} days", **dict(_rewards("", policy.every_order))}
    if policy.loyalty:
        found["loyalty is rewarded every"] = f"{policy.loyalty.every} orders"
        found |= dict(_rewards(", loyalty", policy.loyalty.rewards))
    return found


def _rewards(kind: str, rewards: Mapping[str, Reward]) -> Iterator[tuple[str, str]]:
    for currency, reward in rewards.items():
        name = f"{currency}{kind}"
        match reward:
            case PartOfBasket():
                yield name, f"{reward.percent} %"
                yield f"{name}, at most", _amount(reward.cap, currency)
            case FixedAmount():
                yield name, _amount(reward.amount, currency)
        yield f"{name}, for baskets from", _amount(reward.minimum_basket, currency)


def _amount(minor_units: int, currency: str) -> str:
    return str(Decimal(minor_units).scaleb(-(Currency(currency).exponent or 0)))
