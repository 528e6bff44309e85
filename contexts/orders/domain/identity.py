"""The caller: a customer or a restaurant, for whom an identity provider vouches."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    CUSTOMER = "customer"
    RESTAURANT = "restaurant"


@dataclass(frozen=True)
class Identity:
    """A caller, taken from the verified claims of a token.

    `party_id` is the customer's id (the claim `sub`) or the restaurant's (`restaurant_id`). `email` is an address that
    the provider has verified, empty if there is none; `name` is the provider's name for the person.
    """

    role: Role
    party_id: str
    email: str = ""
    name: str = ""
