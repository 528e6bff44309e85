"""AWS's own checklist (cdk-nag, AwsSolutions) at every synthesis, and what is left of it on purpose.

A finding ends the synthesis, so what is insecure is deployed nowhere. One that stands is accepted beside what it is
about, with its reason; `takeaway doctor` and people who read the code see both.
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
    """Let `finding` ("APIG4", "IAM5[Resource::*]") of a construct, and of all in it, pass."""
    Validations.of(construct).acknowledge(Acknowledgment(id=f"AwsSolutions-{finding}", reason=because))


def accept_objects(construct: IConstruct, bucket: cdk.Resource, prefix: str) -> None:
    """A wildcard behind the name of a bucket is what the objects of one prefix look like."""
    objects = f"IAM5[Resource::<{_logical_id(bucket)}.Arn>/{prefix}*]"
    accept(construct, objects, f"the objects under {prefix or 'the whole bucket'}: their names are not known before")


def accept_versions(construct: IConstruct, function: cdk.Resource) -> None:
    """A target made by the CDK may invoke every version of its function, and not only the latest."""
    versions = f"IAM5[Resource::<{_logical_id(function)}.Arn>:*]"
    accept(construct, versions, "the CDK's own grant of a target; only this stack makes versions, and it makes none")


def accept_recipients(role: iam.Role) -> None:
    """A sender in SES's sandbox needs leave for its recipients' identities too, and nobody knows those before."""
    anybody = "arn:<AWS::Partition>:ses:<AWS::Region>:<AWS::AccountId>:identity/*"
    accept(role, f"IAM5[Resource::{anybody}]", "from one sender only, which is a condition; to anybody who orders")


def accept_tracing(role: iam.Role) -> None:
    """X-Ray has no resources that a policy could name: it allows `*` and nothing else."""
    accept(
        role, "IAM5[Resource::*]", f"{' and '.join(XRAY)} know no resources; `takeaway doctor` sees that it is these"
    )


def _logical_id(resource: cdk.Resource) -> str:
    element = resource.node.default_child
    if not isinstance(element, cdk.CfnElement):
        raise TypeError(f"{resource.node.path}: expected a resource of a template, got {type(element).__name__}")
    return str(cdk.Stack.of(resource).get_logical_id(element))
