"""The composition root: what stands behind the one port of the console, the journal. Built on first use."""

import os
from functools import cache, cached_property

from contexts.console.settings import Settings
from contexts.console.table import JournalTable, dynamodb


class Production:
    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    @cached_property
    def journal(self) -> JournalTable:
        return JournalTable(dynamodb(), self.settings.journal_table)


@cache
def production() -> Production:
    """The one that the handler uses."""
    return Production(Settings(os.environ))
