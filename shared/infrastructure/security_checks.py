"""AWS's checklist (cdk-nag, AwsSolutions) at every synthesis, and the findings that are accepted on purpose.

Any other finding ends the synthesis, so nothing insecure is deployed. A finding is accepted beside its construct, with
the reason; `takeaway doctor` and readers of the code see both.
"""

import aws_cdk as cdk
from aws_cdk import Acknowledgment, Validations
from aws_cdk import aws_iam as iam
from cdk_nag import AwsSolutionsChecks
from constructs import IConstruct

XRAY = ["xray:PutTelemetryRecords", "xray:PutTraceSegments"]


def check(app: cdk.App) -> None:
    """Have the whole app checked when it is synthesized."""
    Validations.of(app).add_plugins(AwsSolutionsChecks(app))


def accept(construct: IConstruct, finding: str, because: str) -> None:
    """Accept a finding ("APIG4", "IAM5[Resource::*]") of a construct and of everything inside it."""
    Validations.of(construct).acknowledge(Acknowledgment(id=f"AwsSolutions-{finding}", reason=because))


def accept_objects(construct: IConstruct, bucket: cdk.Resource, prefix: str) -> None:
    """Accept a wildcard behind a bucket's name: the objects of one prefix, whose names are not known before."""
    objects = f"IAM5[Resource::<{_logical_id(bucket)}.Arn>/{prefix}*]"
    accept(construct, objects, f"the objects under {prefix or 'the whole bucket'}: their names are not known before")


def accept_versions(construct: IConstruct, function: cdk.Resource) -> None:
    """Accept that a target made by the CDK may invoke every version of its function."""
    versions = f"IAM5[Resource::<{_logical_id(function)}.Arn>:*]"
    accept(construct, versions, "the CDK's own grant of a target; only this stack makes versions, and it makes none")


def accept_recipients(role: iam.Role) -> None:
    """Accept that a sender may use any recipient's identity.

    SES requires that permission in its sandbox, and nobody knows the recipients before.
    """
    anybody = "arn:<AWS::Partition>:ses:<AWS::Region>:<AWS::AccountId>:identity/*"
    accept(role, f"IAM5[Resource::{anybody}]", "from one sender only, which is a condition; to anybody who orders")


def accept_tracing(role: iam.Role) -> None:
    """Accept `*` as the resource of X-Ray's actions, because X-Ray has no resources that a policy could name."""
    accept(
        role, "IAM5[Resource::*]", f"{' and '.join(XRAY)} know no resources; `takeaway doctor` sees that it is these"
    )


def _logical_id(resource: cdk.Resource) -> str:
    element = resource.node.default_child
    if not isinstance(element, cdk.CfnElement):
        raise TypeError(f"{resource.node.path}: expected a resource of a template, got {type(element).__name__}")
    return str(cdk.Stack.of(resource).get_logical_id(element))
