"""Read the IAM permissions of a stack: every Allow statement of every role."""

from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import Any

from takeaway.check.templates.stack import ROLE, Stack
from takeaway.check.templates.values import flat, listed, logical_id

EVERYTHING = "*"
PUT_EVENTS = "events:PutEvents"
OWN = "<"  # the first character of a resource of the same template in `flat`
AT_ONCE = 32  # more than an assembly has stacks
ARN_PARTS = 6  # arn:partition:service:region:account:resource


@dataclass(frozen=True)
class Permission:
    """One Allow statement of one role. A statement with NotAction counts as allowing everything."""

    holder: str
    role: str
    actions: tuple[str, ...]
    resources: tuple[Any, ...]
    condition: dict[str, Any]

    def allows(self, action: str) -> bool:
        return any(fnmatchcase(action.lower(), allowed.lower()) for allowed in self.actions)

    def acts_on(self, service: str) -> bool:
        """True if it allows an action of this service."""
        return any(fnmatchcase(service, allowed.lower().partition(":")[0]) for allowed in self.actions)

    @property
    def told(self) -> str:
        return f"{', '.join(self.actions)} on {', '.join(map(flat, self.resources))}"


@lru_cache(maxsize=AT_ONCE)
def permissions(stack: Stack) -> tuple[Permission, ...]:
    return tuple(
        Permission(
            holder=stack.holder(role),
            role=role,
            actions=tuple(listed(statement.get("Action", EVERYTHING))),
            resources=tuple(listed(statement.get("Resource", EVERYTHING))),
            condition=statement.get("Condition", {}),
        )
        for roles, document in _documents(stack)
        for statement in listed(document["Statement"])
        for role in roles
        if statement["Effect"] == "Allow"
    )


def _documents(stack: Stack) -> Iterator[tuple[list[str], dict[str, Any]]]:
    for policy in stack.of("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy").values():
        yield [logical_id(role) for role in policy.get("Roles", ())], policy["PolicyDocument"]
    for name, role in stack.of(ROLE).items():
        for policy in role.get("Policies", ()):
            yield [name], policy["PolicyDocument"]


def may_publish(stack: Stack) -> set[str]:
    """Return the logical ids of the functions that may put events on a bus."""
    roles = {permission.role for permission in permissions(stack) if permission.allows(PUT_EVENTS)}
    return {name for name, function in stack.functions.items() if function.roles & roles}


def covers(pattern: str, service: str, resource: str) -> bool:
    """True if a permission's resource is this one, or a part of it. `resource` is the last part of an ARN."""
    if pattern.startswith(OWN):
        return False
    parts = pattern.split(":", ARN_PARTS - 1)
    if len(parts) < ARN_PARTS:
        return EVERYTHING in pattern
    if not fnmatchcase(service, parts[2]):
        return False
    return any(fnmatchcase(resource, beginning) for beginning in _beginnings(parts[-1]))


def _beginnings(pattern: str) -> Iterator[str]:
    """Yield the pattern and its beginnings, because `table/orders/index/*` also gives access to `table/orders`."""
    yield pattern
    for place, character in enumerate(pattern):
        if character in "/:":
            yield pattern[:place]
