"""Roles and resource policies: nobody shares a role, and no door stands open."""

from collections.abc import Iterator
from typing import Any

from takeaway.fitness.evidence import Evidence
from takeaway.fitness.permissions import EVERYTHING, permissions
from takeaway.fitness.rule import Check, Report, counted
from takeaway.templates.stack import ROLE, Stack
from takeaway.templates.values import flat, listed

PERMISSION, URL = "AWS::Lambda::Permission", "AWS::Lambda::Url"
POLICIES = (
    "AWS::SQS::QueuePolicy", "AWS::SQS::QueueInlinePolicy", "AWS::SNS::TopicPolicy", "AWS::SNS::TopicInlinePolicy",
    "AWS::S3::BucketPolicy", "AWS::SecretsManager::ResourcePolicy",
)  # fmt: skip
TABLES = ("AWS::DynamoDB::Table", "AWS::DynamoDB::GlobalTable", "AWS::Kinesis::Stream")
OF_WHOM = {"aws:sourcearn", "aws:sourceaccount"}  # conditions that say for whom a service may act
TRACES = "X-Ray has no resources for what traces and their sampling are made of"
WITHOUT_RESOURCES = {  # action -> why no resource can be named
    "xray:PutTraceSegments": TRACES,
    "xray:PutTelemetryRecords": TRACES,
    "xray:GetSamplingRules": TRACES,
    "xray:GetSamplingTargets": TRACES,
}
LENDING = ("sts:AssumeRole", "iam:PassRole")

Wrong = Iterator[tuple[str, str]]


def own_roles(evidence: Evidence, report: Report) -> None:
    for stack in evidence.stacks.values():
        report.found_in(stack.name, _shared(stack))
        report.found_in(stack.name, _lent(stack))
        roles = stack.of(ROLE)
        if roles:
            report.saw(f"{stack.name}: {counted(roles, 'role')}, held by {', '.join(map(stack.holder, roles))}")


def _shared(stack: Stack) -> Wrong:
    for role in sorted(stack.holders):
        if role not in stack.of(ROLE):
            yield stack.holder(role), f"acts in {role}, which is no role of this stack"
        sharing = sorted(each.name for each in stack.functions.values() if role in each.roles)
        if len(sharing) > 1:
            yield f"role {role}", f"is shared by {' and '.join(sharing)}"


def _lent(stack: Stack) -> Wrong:
    for name, role in stack.of(ROLE).items():
        for principal in _others(role.get("AssumeRolePolicyDocument", {})):
            yield f"role {name}", f"can be taken by {principal}"
    for permission in permissions(stack):
        if any(map(permission.allows, LENDING)):
            yield f"role of {permission.holder}", f"{permission.told} lends it another role"


def closed_doors(evidence: Evidence, report: Report) -> None:
    for stack in evidence.stacks.values():
        doors = [*_documents(stack), *stack.of(PERMISSION, URL)]
        for name, document in _documents(stack):
            report.found_in(stack.name, ((name, f"lets {who} in") for who in _others(document)))
            report.found_in(stack.name, ((name, f"lets {who} in, for whomever it acts") for who in _services(document)))
        for name, permission in stack.of(PERMISSION).items():
            who = flat(permission.get("Principal", ""))
            if not who.endswith(".amazonaws.com") or "SourceArn" not in permission:
                report.found(f"{stack.name}: {name}", f"lets {who} invoke a function, and says not for whom")
        for name, url in stack.of(URL).items():
            report.found(f"{stack.name}: {name}", f"makes a function callable by its URL ({url.get('AuthType')})")
        if doors:
            report.saw(f"{stack.name}: {counted(doors, 'resource policy')}")


def _documents(stack: Stack) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, policy in stack.of(*POLICIES).items():
        yield name, policy.get("PolicyDocument") or policy.get("ResourcePolicy") or {}
    for name, table in stack.of(*TABLES).items():
        if "ResourcePolicy" in table:
            yield name, table["ResourcePolicy"].get("PolicyDocument", {})


def _allowed(document: dict[str, Any]) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Every Allow of a policy, and its principals by their kind."""
    for statement in listed(document.get("Statement")):
        if statement["Effect"] == "Allow":
            principal = statement.get("Principal", "*")
            yield statement, principal if isinstance(principal, dict) else {"AWS": principal}


def _others(document: dict[str, Any]) -> Iterator[str]:
    """The principals of a policy that are no service of AWS."""
    for _, principals in _allowed(document):
        yield from (f"{kind} {flat(who)}" for kind, who in principals.items() if kind != "Service")


def _services(document: dict[str, Any]) -> Iterator[str]:
    """The services that a policy lets in without a word on whose behalf."""
    for statement, principals in _allowed(document):
        keys = {key.lower() for condition in statement.get("Condition", {}).values() for key in condition}
        if "Service" in principals and not keys & OF_WHOM:
            yield flat(principals["Service"])


def no_wildcards(evidence: Evidence, report: Report) -> None:
    for stack in evidence.stacks.values():
        granted = list(permissions(stack))
        for permission in granted:
            wild = [action for action in permission.actions if "*" in action]
            report.found_in(stack.name, ((f"role of {permission.holder}", f"may do {action}") for action in wild))
        for name, role in stack.of(ROLE).items():
            for policy in role.get("ManagedPolicyArns", ()):
                report.found(f"{stack.name}: role of {stack.holder(name)}", f"has {flat(policy)}, whatever is in it")
        if granted:
            actions = {action for permission in granted for action in permission.actions}
            report.saw(f"{stack.name}: {counted(granted, 'permission')} for {counted(actions, 'action')}")


def named_resources(evidence: Evidence, report: Report) -> None:
    for stack in evidence.stacks.values():
        everywhere = [each for each in permissions(stack) if EVERYTHING in each.resources]
        for permission in everywhere:
            wrong = [action for action in permission.actions if action not in WITHOUT_RESOURCES]
            report.found_in(stack.name, ((f"role of {permission.holder}", f"may do {a} on everything") for a in wrong))
        for action in sorted({action for each in everywhere for action in each.actions} & set(WITHOUT_RESOURCES)):
            report.saw(f"{stack.name}: {action} on everything, since {WITHOUT_RESOURCES[action]}")


CHECKS: dict[str, Check] = {
    "own-roles": own_roles,
    "closed-doors": closed_doors,
    "no-wildcards": no_wildcards,
    "named-resources": named_resources,
}
