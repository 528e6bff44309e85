"""Who asks: a customer or a restaurant, as an identity provider vouches for them."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    CUSTOMER = "customer"
    RESTAURANT = "restaurant"


@dataclass(frozen=True)
class Identity:
    """`party_id` is the customer's id (the token's `sub`) or the restaurant's (`restaurant_id`).

    `email` is an address that the provider has verified, empty if there is none; `name` is what it calls the person.
    """

    role: Role
    party_id: str
    email: str = ""
    name: str = ""
