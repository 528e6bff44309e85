"""Who may do what on which resource: every Allow of every role of a stack."""

from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import Any

from takeaway.check.templates.stack import ROLE, Stack
from takeaway.check.templates.values import flat, listed, logical_id

EVERYTHING = "*"
PUT_EVENTS = "events:PutEvents"
OWN = "<"  # how `flat` writes a resource of the same template
AT_ONCE = 32  # stacks of an assembly
ARN_PARTS = 6  # arn:partition:service:region:account:resource


@dataclass(frozen=True)
class Permission:
    """One Allow statement of one role. What it does not name it does not limit: NotAction is everything."""

    holder: str
    role: str
    actions: tuple[str, ...]
    resources: tuple[Any, ...]
    condition: dict[str, Any]

    def allows(self, action: str) -> bool:
        return any(fnmatchcase(action.lower(), allowed.lower()) for allowed in self.actions)

    def acts_on(self, service: str) -> bool:
        """Some action of it is one of this service."""
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
    """The functions of a stack, by their logical ids, that may put events on any bus."""
    roles = {permission.role for permission in permissions(stack) if permission.allows(PUT_EVENTS)}
    return {name for name, function in stack.functions.items() if function.roles & roles}


def covers(pattern: str, service: str, resource: str) -> bool:
    """Whether the resource of a permission is this one, or something in it. `resource` is the last part of an ARN."""
    if pattern.startswith(OWN):
        return False
    parts = pattern.split(":", ARN_PARTS - 1)
    if len(parts) < ARN_PARTS:
        return EVERYTHING in pattern
    if not fnmatchcase(service, parts[2]):
        return False
    return any(fnmatchcase(resource, beginning) for beginning in _beginnings(parts[-1]))


def _beginnings(pattern: str) -> Iterator[str]:
    """`table/orders/index/*` is about `table/orders`, too."""
    yield pattern
    for place, character in enumerate(pattern):
        if character in "/:":
            yield pattern[:place]
