"""Failures of a call that wakes a waiting workflow up, whichever service keeps the workflow."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager

from botocore.exceptions import BotoCoreError, ClientError

from contexts.orders.application.ports import CallbackLost


@contextmanager
def lost_unless(nobody_waits: Collection[str]) -> Iterator[None]:
    """Raise CallbackLost for an error of AWS, unless its code is in `nobody_waits`: then nothing is to be woken up."""
    try:
        yield
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if code not in nobody_waits:
            raise CallbackLost(code) from error
    except BotoCoreError as error:
        raise CallbackLost(type(error).__name__) from error
