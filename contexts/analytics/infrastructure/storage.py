"""Where the lake is kept, and for how long."""

from aws_cdk import Duration
from aws_cdk import aws_s3 as s3
from constructs import Construct

from contexts.analytics import zones
from shared.infrastructure.deployment import Deployment
from shared.infrastructure.security_checks import accept

# As long as the bus can replay. A message in quarantine is whole, so there may be personal data in it: it goes again.
QUARANTINE_DAYS = 90


class LakeBucket(s3.Bucket):
    """One bucket, closed and encrypted. Only what is in quarantine is ever forgotten."""

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
