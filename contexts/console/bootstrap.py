"""The composition root: what stands behind the one port of the console, the journal."""

import os
from functools import cache

from contexts.console.settings import journal_table
from contexts.console.table import JournalTable, dynamodb


@cache
def journal() -> JournalTable:
    """The one that the handler writes to, made on first use."""
    return JournalTable(dynamodb(), journal_table(os.environ))


def ready() -> None:
    """Make it in init, where Lambda gives a whole core: a call gets one by its memory.

    Only Lambda sets this variable: an import anywhere else makes nothing.
    """
    if "AWS_LAMBDA_INITIALIZATION_TYPE" in os.environ:
        journal()
