"""What a deployment tells the functions of analytics, through their environment: where the lake is."""

from collections.abc import Mapping


def lake_bucket(environment: Mapping[str, str]) -> str:
    bucket = environment.get("LAKE_BUCKET", "")
    if not bucket:
        raise ValueError("LAKE_BUCKET: expected in the function's environment, found nothing")
    return bucket
