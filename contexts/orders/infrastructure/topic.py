"""The topic by which restaurants are told of their orders."""

from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from constructs import Construct

from shared.infrastructure.deployment import Deployment


class RestaurantsTopic(sns.Topic):
    """The topic `takeaway-<stage>-restaurants`, encrypted in transit, and at rest by AWS's own key for SNS."""

    def __init__(self, scope: Construct, id: str, *, deployment: Deployment) -> None:
        super().__init__(
            scope,
            id,
            topic_name=f"{deployment.prefix}-restaurants",
            enforce_ssl=True,
            master_key=kms.Alias.from_alias_name(scope, f"{id}Key", "alias/aws/sns"),
        )

    def let_publish(self, grantee: iam.IGrantable) -> None:
        """Allow publishing to this topic.

        The CDK's `grant_publish` would also allow the use of every KMS key of the account; AWS's own key needs no
        permission.
        """
        iam.Grant.add_to_principal(grantee=grantee, actions=["sns:Publish"], resource_arns=[self.topic_arn])
