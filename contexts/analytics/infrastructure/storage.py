"""The bucket of the lake, and how long its objects are kept."""

from aws_cdk import Duration
from aws_cdk import aws_s3 as s3
from constructs import Construct

from contexts.analytics import zones
from shared.infrastructure.deployment import Deployment
from shared.infrastructure.security_checks import accept

# As long as the bus archives events. Deleted after that, because a message in quarantine is whole and may have personal
# data.
QUARANTINE_DAYS = 90


class LakeBucket(s3.Bucket):
    """One bucket, closed to the public and encrypted. Only objects in quarantine are ever deleted by age."""

    def __init__(self, scope: Construct, id: str, *, deployment: Deployment) -> None:
        super().__init__(
            scope,
            id,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            encryption=s3.BucketEncryption.S3_MANAGED,
            enforce_ssl=True,
            lifecycle_rules=[
                s3.LifecycleRule(id="quarantine", prefix=zones.QUARANTINE, expiration=Duration.days(QUARANTINE_DAYS))
            ],
            removal_policy=deployment.removal_policy,
        )
        accept(
            self, "S1", "who reads the lake is told by CloudTrail, where an account wants to know (docs/deploying.md)"
        )
