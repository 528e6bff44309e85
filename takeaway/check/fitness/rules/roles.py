"""Rules for IAM: no function shares a role, and no resource policy lets in more than it must."""

from collections.abc import Iterator
from typing import Any

from takeaway.check.fitness.permissions import EVERYTHING, permissions
from takeaway.check.fitness.rule import Wrong, counted, each_stack
from takeaway.check.templates.stack import ROLE, Stack
from takeaway.check.templates.values import flat, listed

PERMISSION, URL = "AWS::Lambda::Permission", "AWS::Lambda::Url"
POLICIES = (
    "AWS::SQS::QueuePolicy", "AWS::SQS::QueueInlinePolicy", "AWS::SNS::TopicPolicy", "AWS::SNS::TopicInlinePolicy",
    "AWS::S3::BucketPolicy", "AWS::SecretsManager::ResourcePolicy",
)  # fmt: skip
TABLES = ("AWS::DynamoDB::Table", "AWS::DynamoDB::GlobalTable", "AWS::Kinesis::Stream")
OF_WHOM = {"aws:sourcearn", "aws:sourceaccount"}  # conditions that say on whose behalf a service may act
WITHOUT_RESOURCES = {
    f"xray:{action}": "X-Ray has no resources for what traces and their sampling are made of"
    for action in ("PutTraceSegments", "PutTelemetryRecords", "GetSamplingRules", "GetSamplingTargets")
}
LENDING = ("sts:AssumeRole", "iam:PassRole")


@each_stack("own-roles")
def own_roles(stack: Stack) -> Iterator[str | Wrong]:
    roles = stack.of(ROLE)
    for role in sorted(stack.holders):
        if role not in roles:
            yield stack.holder(role), f"acts in {role}, which is no role of this stack"
        sharing = sorted(each.name for each in stack.functions.values() if role in each.roles)
        if len(sharing) > 1:
            yield f"role {role}", f"is shared by {' and '.join(sharing)}"
    yield from _lent(stack)
    if roles:
        yield f"{stack.name}: {counted(roles, 'role')}, held by {', '.join(map(stack.holder, roles))}"


def _lent(stack: Stack) -> Iterator[Wrong]:
    for name, role in stack.of(ROLE).items():
        for principal in _others(role.get("AssumeRolePolicyDocument", {})):
            yield f"role {name}", f"can be taken by {principal}"
    for permission in permissions(stack):
        if any(map(permission.allows, LENDING)):
            yield f"role of {permission.holder}", f"{permission.told} lends it another role"


@each_stack("closed-doors")
def closed_doors(stack: Stack) -> Iterator[str | Wrong]:
    doors = [*_documents(stack), *stack.of(PERMISSION, URL)]
    for name, document in _documents(stack):
        yield from ((name, f"lets {who} in") for who in _others(document))
        yield from ((name, f"lets {who} in, for whomever it acts") for who in _services(document))
    for name, permission in stack.of(PERMISSION).items():
        who = flat(permission.get("Principal", ""))
        if not who.endswith(".amazonaws.com") or "SourceArn" not in permission:
            yield name, f"lets {who} invoke a function, and says not for whom"
    for name, url in stack.of(URL).items():
        yield name, f"makes a function callable by its URL ({url.get('AuthType')})"
    if doors:
        yield f"{stack.name}: {counted(doors, 'resource policy')}"


def _documents(stack: Stack) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, policy in stack.of(*POLICIES).items():
        yield name, policy.get("PolicyDocument") or policy.get("ResourcePolicy") or {}
    for name, table in stack.of(*TABLES).items():
        if "ResourcePolicy" in table:
            yield name, table["ResourcePolicy"].get("PolicyDocument", {})


def _allowed(document: dict[str, Any]) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Yield each Allow statement of a policy, with its principals by kind."""
    for statement in listed(document.get("Statement")):
        if statement["Effect"] == "Allow":
            principal = statement.get("Principal", "*")
            yield statement, principal if isinstance(principal, dict) else {"AWS": principal}


def _others(document: dict[str, Any]) -> Iterator[str]:
    """Yield a policy's principals that are not AWS services."""
    for _, principals in _allowed(document):
        yield from (f"{kind} {flat(who)}" for kind, who in principals.items() if kind != "Service")


def _services(document: dict[str, Any]) -> Iterator[str]:
    """Yield the services that a policy lets in without a condition on whose behalf."""
    for statement, principals in _allowed(document):
        keys = {key.lower() for condition in statement.get("Condition", {}).values() for key in condition}
        if "Service" in principals and not keys & OF_WHOM:
            yield flat(principals["Service"])


@each_stack("no-wildcards")
def no_wildcards(stack: Stack) -> Iterator[str | Wrong]:
    actions = [(permission, action) for permission in permissions(stack) for action in permission.actions]
    for permission, action in actions:
        if "*" in action:
            yield f"role of {permission.holder}", f"may do {action}"
    for name, role in stack.of(ROLE).items():
        for policy in role.get("ManagedPolicyArns", ()):
            yield f"role of {stack.holder(name)}", f"has {flat(policy)}, whatever is in it"
    if actions:
        different = {action for _, action in actions}
        yield f"{stack.name}: {counted(permissions(stack), 'permission')} for {counted(different, 'action')}"


@each_stack("named-resources")
def named_resources(stack: Stack) -> Iterator[str | Wrong]:
    everywhere = [each for each in permissions(stack) if EVERYTHING in each.resources]
    for permission in everywhere:
        for action in permission.actions:
            if action not in WITHOUT_RESOURCES:
                yield f"role of {permission.holder}", f"may do {action} on everything"
    for action in sorted({action for each in everywhere for action in each.actions} & set(WITHOUT_RESOURCES)):
        yield f"{stack.name}: {action} on everything, since {WITHOUT_RESOURCES[action]}"
