"""Puts analytics together, on first use: settings are read and clients made once, and never at import."""

import os
from functools import cache

from contexts.analytics.lake import S3Lake, s3
from contexts.analytics.settings import Settings


@cache
def lake() -> S3Lake:
    return S3Lake(s3(), Settings.read(os.environ).lake_bucket)
