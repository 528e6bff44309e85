"""The composition root: which adapter stands behind which port. Built once per function, each part on first use."""

import os
from functools import cache, cached_property

from contexts.analytics.lake import S3Lake, s3
from contexts.analytics.ports import Lake
from contexts.analytics.settings import Settings


class Production:
    """The one port of analytics, with what stands behind it."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    @cached_property
    def lake(self) -> Lake:
        return S3Lake(s3(), self.settings.lake_bucket)


@cache
def production() -> Production:
    """The one that the handlers use."""
    return Production(Settings(os.environ))
