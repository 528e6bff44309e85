"""The port by which the API learns who calls it: an adapter verifies the token, the API only sees an Identity."""

from typing import Protocol

from contexts.orders.domain.identity import Identity


class Unauthenticated(Exception):
    """The request has no token, or one that is not valid.

    The message gives the reason and never quotes the token, because it is logged and sent back.
    """


class IssuerUnavailable(Exception):
    """The keys of the tokens' issuer can't be fetched, so nobody can tell whether the token is valid.

    The exception's cause is the error of the fetch. The API answers 503, because the caller has done nothing wrong.
    """

    def __init__(self) -> None:
        super().__init__("the keys of the tokens' issuer can't be had at the moment: try again soon")


class Callers(Protocol):
    def identify(self, authorization: str | None) -> Identity:
        """Return the caller named by the value of an Authorization header (`Bearer <JWT>`).

        Raises Unauthenticated if the header or its token is not valid, IssuerUnavailable if that can't be checked.
        """
