"""Check a new context's name and event, and derive from them what the template needs.

A name is refused if deployed resources begin with it, because the new context would seem to own them.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from keyword import iskeyword

from shared import schema_tools
from shared.schema_tools.fields import fields
from takeaway.check.templates import assembly
from takeaway.check.templates.stack import Stack
from takeaway.check.templates.values import texts
from takeaway.errors import UsageError
from takeaway.issuer import bucket_of

LONGEST = 16  # so that a function's name (stage, context, event) stays under Lambda's 64 characters
READ = ("metadata.occurred_at", "data.order_id", "data.customer_id")  # fields that the template's code reads
RESERVED = ("bus", "shared", "tests", "takeaway")  # stacks and folders that are not contexts
ISSUER = "the local issuer"


@dataclass(frozen=True)
class NewContext:
    """The name of a new context, and the event that it reacts to. Raises UsageError if either can't be used.

    `on` is the event's name, or SOURCE@EVENT if two sources have an event of that name.
    """

    name: str
    on: str

    def __post_init__(self) -> None:
        if not re.fullmatch(rf"[a-z][a-z0-9]{{1,{LONGEST - 1}}}", self.name):
            raise UsageError(
                f"A context's name is 2 to {LONGEST} lower-case letters and digits that begin with a letter, "
                f"not {self.name!r}."
            )
        if self.name in RESERVED or iskeyword(self.name):
            raise UsageError(f"{self.name} is taken: choose the name of what the context does.")
        try:
            found = fields(self.event, source=self.source)
        except schema_tools.UnknownEvent as unknown:
            raise UsageError(f"--on takes an event that has a schema, not {self.on!r}: {unknown}.") from None
        if lacking := [path for path in READ if path not in found or not found[path].required]:
            raise UsageError(
                f"--on takes an event that always has {', '.join(READ)}, which a new context reads: "
                f"{self.on} has no {' and no '.join(lacking)}."
            )

    @property
    def event(self) -> str:
        return self.on.rpartition("@")[2]

    @cached_property
    def source(self) -> str:
        """The event's source. Raises UnknownEvent."""
        return schema_tools.source_of(self.on)

    @property
    def title(self) -> str:
        return self.name.capitalize()

    @property
    def answers(self) -> dict[str, str]:
        """The answers to the template's questions."""
        return {
            "name": self.name,
            "event": self.event,
            "source": self.source,
            "event_class": "".join(word.capitalize() for word in self.event.split("_")),
            "title": self.title,
            "about": str(schema_tools.load(self.event, source=self.source)["description"]).rstrip("."),
        }


def refuse_what_is_taken(new: NewContext) -> None:
    """Raise UsageError if a deployed resource begins with the name. Synthesizes all stacks to find out."""
    found = names(assembly.synthesized())
    if new.name in found:
        raise UsageError(f"{new.name} is taken by {found[new.name]}: choose another name. Nothing was written.")


def names(stacks: Mapping[str, Stack]) -> dict[str, str]:
    """Map the first word after the stage in each physical name to a resource that has it."""
    found: dict[str, str] = {}
    for stack in stacks.values():
        found.setdefault(stack.name, f"the stack {stack.full_name}")
    for texts_of in (_own, _all):  # owners of a name first, then stacks that only mention it
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
