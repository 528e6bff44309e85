"""The composition root: the adapter behind the only port of the console, the journal."""

import os
from functools import cache

from contexts.console.settings import journal_table
from contexts.console.table import JournalTable, dynamodb


@cache
def journal() -> JournalTable:
    """Return the journal that the handler writes to: one object per process, made on first use."""
    return JournalTable(dynamodb(), journal_table(os.environ))


def ready() -> None:
    """Open the journal in Lambda's init phase, because an invocation has less CPU than init.

    Anywhere else it does nothing, so importing the handler in a test opens no client.
    """
    if "AWS_LAMBDA_INITIALIZATION_TYPE" in os.environ:
        journal()
