"""What a new context is called, and what follows from it."""

import re
from dataclasses import dataclass
from keyword import iskeyword

from shared import schema_tools
from takeaway.errors import UsageError

LONGEST = 16  # the longest name made from it (stage, name, event) stays under the 64 characters of a function's name
RESERVED = ("bus", "shared", "tests", "takeaway")  # stacks and folders that are not contexts


@dataclass(frozen=True)
class NewContext:
    """A subscribing context to be made: its name, and the event that it reacts to. Raises UsageError."""

    name: str
    event: str

    def __post_init__(self) -> None:
        if not re.fullmatch(rf"[a-z][a-z0-9]{{1,{LONGEST - 1}}}", self.name):
            raise UsageError(
                f"A context's name is 2 to {LONGEST} lower-case letters and digits that begin with a letter, "
                f"not {self.name!r}."
            )
        if self.name in RESERVED or iskeyword(self.name):
            raise UsageError(f"{self.name} is taken: choose the name of what the context does.")
        if self.event not in schema_tools.EVENT_TYPES:
            raise UsageError(
                f"--on takes an event that has a schema ({', '.join(schema_tools.EVENT_TYPES)}), not {self.event!r}."
            )

    @property
    def title(self) -> str:
        return self.name.capitalize()

    @property
    def answers(self) -> dict[str, str]:
        """What the template asks."""
        return {
            "name": self.name,
            "event": self.event,
            "event_class": "".join(word.capitalize() for word in self.event.split("_")),
            "title": self.title,
            "about": str(schema_tools.load(self.event)["description"]).rstrip("."),
        }
