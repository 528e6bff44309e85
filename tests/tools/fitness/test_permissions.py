"""The judgement whether a permission reaches a resource, with any wildcards in its ARN."""

import pytest

from takeaway.check.fitness.permissions import covers, permissions
from takeaway.check.templates.stack import Stack

TABLE = "table/takeaway-dev-orders"


@pytest.mark.parametrize(
    ("pattern", "reaches"),
    [
        ("*", True),
        ("arn:aws:dynamodb:*", True),
        ("arn:aws:dynamodb:eu-west-1:111122223333:table/takeaway-dev-orders", True),
        ("arn:aws:dynamodb:<region>:<account>:table/takeaway-dev-orders/index/*", True),
        ("arn:aws:dynamodb:::table/takeaway-*/index/by_customer", True),
        ("arn:*:*:*:*:table/*", True),
        ("arn:aws:dynamodb:eu-west-1:111122223333:table/takeaway-dev-orders-archive", False),
        ("arn:aws:dynamodb:eu-west-1:111122223333:table/takeaway-dev-vouchers/*", False),
        ("arn:aws:sqs:eu-west-1:111122223333:*", False),
        ("<Orders.Arn>", False),
        ("<Orders.Arn>/index/*", False),
    ],
)
def test_a_permission_covers_what_its_arn_matches(pattern: str, reaches: bool) -> None:
    assert covers(pattern, "dynamodb", TABLE) is reaches


def test_every_allow_of_every_role_is_read_however_it_is_written() -> None:
    def document(**statement: object) -> dict[str, object]:
        return {"PolicyDocument": {"Statement": {"Effect": "Allow", "Action": "s3:GetObject", **statement}}}

    def policy(kind: str, **statement: object) -> dict[str, object]:
        return {"Type": kind, "Properties": {"Roles": [{"Ref": "Role"}], **document(**statement)}}

    resources = {
        "Role": {"Type": "AWS::IAM::Role", "Properties": {"Policies": [document(Resource="inline")]}},
        "Policy": policy("AWS::IAM::Policy", Resource=["attached"]),
        "Managed": policy("AWS::IAM::ManagedPolicy", NotResource="all but this"),
        "Denied": policy("AWS::IAM::Policy", Effect="Deny"),
    }
    read = permissions(Stack("a", "takeaway-dev-a", {"Resources": resources}))
    assert [resource for permission in read for resource in permission.resources] == ["attached", "*", "inline"]
    assert all(permission.role == "Role" and permission.allows("s3:GetObject") for permission in read)
