"""The errors that are not bugs of the console, and the sentence that tells each."""

from botocore.exceptions import BotoCoreError, ClientError

from takeaway.errors import TakeawayError

FAILURES = (TakeawayError, BotoCoreError, ClientError, OSError)


class NotHere(TakeawayError):
    """Raised for an order, event, stage or part that does not exist: the page answers 404."""


def told(error: Exception) -> str:
    """Tell an error in a sentence. Raises it again if it is a bug of this program."""
    if isinstance(error, TakeawayError):
        return str(error)
    if isinstance(error, FAILURES):
        return f"The engine refused or did not answer: {error}"
    raise error
