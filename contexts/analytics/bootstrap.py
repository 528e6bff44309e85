"""The composition root: the adapter behind the only port of analytics, the lake."""

import os
from functools import cache

from contexts.analytics.lake import S3Lake, s3
from contexts.analytics.ports import Lake
from contexts.analytics.settings import lake_bucket


@cache
def lake() -> Lake:
    """Return the lake that the handlers use: one object per process, made on first use."""
    return S3Lake(s3(), lake_bucket(os.environ))


def ready() -> None:
    """Open the lake in Lambda's init phase, because an invocation has less CPU than init.

    Anywhere else it does nothing, so importing a handler in a test opens no client.
    """
    if "AWS_LAMBDA_INITIALIZATION_TYPE" in os.environ:
        lake()
