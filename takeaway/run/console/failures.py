"""What can go wrong without being a fault of the console, as a sentence."""

from botocore.exceptions import BotoCoreError, ClientError

from takeaway.errors import TakeawayError

FAILURES = (TakeawayError, BotoCoreError, ClientError, OSError)


class NotHere(TakeawayError):
    """What a page was asked for is not there."""


def told(error: Exception) -> str:
    """As a sentence. Raises the error again if it is a fault of this program."""
    if isinstance(error, TakeawayError):
        return str(error)
    if isinstance(error, FAILURES):
        return f"The engine refused or did not answer: {error}"
    raise error
