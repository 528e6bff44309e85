"""The port through which whoever lets people in gets to know who they are."""

from typing import Protocol

from contexts.orders.domain.identity import Identity


class Unauthenticated(Exception):
    """No token, or one that does not hold. The message says which, and never quotes the token."""


class IssuerUnavailable(Exception):
    """The issuer's keys can't be had: the token may be good, but nobody can tell. The cause is what went wrong."""

    def __init__(self) -> None:
        super().__init__("the keys of the tokens' issuer can't be had at the moment: try again soon")


class Callers(Protocol):
    def identify(self, authorization: str | None) -> Identity:
        """From an Authorization header. Raises Unauthenticated, IssuerUnavailable."""
