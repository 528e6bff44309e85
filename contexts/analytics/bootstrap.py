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


def ready() -> None:
    """Make it in init, where Lambda gives a whole core: a call gets one by its memory.

    Only Lambda sets this variable: an import anywhere else makes nothing.
    """
    if "AWS_LAMBDA_INITIALIZATION_TYPE" in os.environ:
        lake()
