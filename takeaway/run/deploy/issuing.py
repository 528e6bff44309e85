"""Publishing the local issuer where the functions of the API look for it: two public objects on the engine."""

import json

from takeaway.issuer import LocalIssuer, bucket_of
from takeaway.run.client.target import Target


def publish(target: Target, issuer: LocalIssuer) -> None:
    s3, bucket = target.client("s3"), bucket_of(target.prefix)
    if bucket not in [each["Name"] for each in s3.list_buckets()["Buckets"]]:
        s3.create_bucket(Bucket=bucket)
    s3.delete_public_access_block(Bucket=bucket)  # a new bucket may be closed to everyone, as it is on AWS
    s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps(_anyone_may_read(bucket)))
    for path, document in issuer.documents().items():
        s3.put_object(
            Bucket=bucket, Key=path, Body=json.dumps(document, indent=2).encode(), ContentType="application/json"
        )


def _anyone_may_read(bucket: str) -> dict[str, object]:
    statement = {
        "Effect": "Allow",
        "Principal": "*",
        "Action": "s3:GetObject",
        "Resource": f"arn:aws:s3:::{bucket}/*",
    }
    return {"Version": "2012-10-17", "Statement": [statement]}
