"""The names that deployed things have already: a context whose own begin alike would take them from their owner."""

import re
from collections.abc import Mapping

from takeaway.check.new_context.naming import NewContext
from takeaway.check.templates import assembly
from takeaway.check.templates.stack import Stack
from takeaway.check.templates.values import texts
from takeaway.errors import UsageError
from takeaway.issuer import bucket_of

ISSUER = "the local issuer"


def refuse_what_is_taken(new: NewContext) -> None:
    """Raises UsageError, which says what has the name and whose it is. Synthesizes what is there."""
    found = names(assembly.synthesized())
    if new.name in found:
        raise UsageError(f"{new.name} is taken by {found[new.name]}: choose another name. Nothing was written.")


def names(stacks: Mapping[str, Stack]) -> dict[str, str]:
    """The first word after the stage of every physical name, or of what can become one, with one that has it."""
    found: dict[str, str] = {}
    for stack in stacks.values():
        found.setdefault(stack.name, f"the stack {stack.full_name}")
    for texts_of in (_own, _all):  # whose the name is, before those that only speak of it
        for stack in stacks.values():
            stage = stack.full_name.removesuffix(f"-{stack.name}")
            named = re.compile(rf"(?<![\w-]){re.escape(stage)}[-_]([a-z0-9]+)[\w-]*")
            for match in (match for text in texts_of(stack) for match in named.finditer(text)):
                found.setdefault(match[1], f"{match[0]} of {stack.name}")
            issuer = bucket_of(stage)
            found.setdefault(issuer.removeprefix(f"{stage}-"), f"{issuer} of {ISSUER}")
    return found


def _own(stack: Stack) -> list[str]:
    return sorted(stack.called(logical_id) for logical_id in stack.template["Resources"])


def _all(stack: Stack) -> list[str]:
    return sorted(set(texts(stack.template)))
