"""The composition root: which adapter stands behind the one port of analytics, the lake."""

import os
from functools import cache

from contexts.analytics.lake import S3Lake, s3
from contexts.analytics.ports import Lake
from contexts.analytics.settings import lake_bucket


@cache
def lake() -> Lake:
    """The one that the handlers use, made on first use."""
    return S3Lake(s3(), lake_bucket(os.environ))
