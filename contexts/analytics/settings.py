"""Settings that a deployment gives the functions of analytics, by environment variables: the lake's bucket."""

from collections.abc import Mapping


def lake_bucket(environment: Mapping[str, str]) -> str:
    bucket = environment.get("LAKE_BUCKET", "")
    if not bucket:
        raise ValueError("LAKE_BUCKET: expected in the function's environment, found nothing")
    return bucket
