"""The grants of roles, one action on one resource at a time, and how to take one away for a moment."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from boto3 import Session

Document = dict[str, Any]
# Grants that no engine on this machine checks, with the reason why they are needed all the same.
NOT_SHOWN = {
    **dict.fromkeys(
        ("xray:PutTraceSegments", "xray:PutTelemetryRecords", "xray:GetSamplingRules", "xray:GetSamplingTargets"),
        "traces are sent by Lambda and Step Functions themselves; there is no X-Ray here",
    ),
    **dict.fromkeys(
        ("sqs:ChangeMessageVisibility", "sqs:GetQueueUrl"),
        "the CDK's event source grants it to whatever reads a queue",
    ),
}
# Grants on every resource, with the reason why nothing less is possible.
ON_EVERYTHING = {
    **dict.fromkeys(
        ("xray:PutTraceSegments", "xray:PutTelemetryRecords", "xray:GetSamplingRules", "xray:GetSamplingTargets"),
        "X-Ray has no resource of this kind that a policy could name",
    ),
    "ses:SendEmail": "in SES's sandbox the recipient's identity is checked as well; the sender is a condition",
}


@dataclass(frozen=True, order=True)
class Grant:
    action: str
    resource: str

    def __str__(self) -> str:
        return f"{self.action} on {self.resource}"


@dataclass(frozen=True)
class Role:
    """A deployed role and its one inline policy."""

    iam: Any
    name: str
    policy: str
    document: Document

    @classmethod
    def of(cls, session: Session, arn: str) -> "Role":
        iam, name = session.client("iam"), arn.rpartition("/")[2]
        (policy,) = iam.list_role_policies(RoleName=name)["PolicyNames"]
        return cls(iam, name, policy, iam.get_role_policy(RoleName=name, PolicyName=policy)["PolicyDocument"])

    @property
    def grants(self) -> list[Grant]:
        found = (
            Grant(action, resource)
            for statement in self.document["Statement"]
            for action in listed(statement["Action"])
            for resource in listed(statement["Resource"])
        )
        return sorted(set(found))

    @contextmanager
    def without(self, grant: Grant) -> Iterator[None]:
        self._put({**self.document, "Statement": list(_without(grant, self.document["Statement"]))})
        try:
            yield
        finally:
            self._put(self.document)

    def _put(self, document: Document) -> None:
        self.iam.put_role_policy(RoleName=self.name, PolicyName=self.policy, PolicyDocument=json.dumps(document))


def _without(grant: Grant, statements: list[Document]) -> Iterator[Document]:
    """Yield the same statements, except for one action on one resource."""
    for statement in statements:
        actions, resources = listed(statement["Action"]), listed(statement["Resource"])
        if grant.action not in actions or grant.resource not in resources:
            yield statement
            continue
        if others := [action for action in actions if action != grant.action]:
            yield {**statement, "Action": others}
        if elsewhere := [resource for resource in resources if resource != grant.resource]:
            yield {**statement, "Action": [grant.action], "Resource": elsewhere}


def listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value
