"""The runbooks as tests read them: sections, their parts, and the commands in them."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from takeaway.paths import REPOSITORY

FOLDER = REPOSITORY / "docs/runbooks"
PARTS = ("Symptom", "Meaning", "First look", "Wake", "Commands")
WITHOUT_ALARM = "\n# Asked without an alarm"
SECTION = re.compile(r"^## (?P<name>\S+)\n(?P<text>.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
BLOCK = re.compile(r"^```\n(?P<block>.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Section:
    context: str
    name: str
    text: str

    @property
    def link(self) -> str:
        """The section's address, as alarms have it."""
        return f"docs/runbooks/{self.context}.md#{self.name}"

    @property
    def missing(self) -> list[str]:
        """Return the parts that the section lacks or leaves empty."""
        said = {part: re.search(rf"^- \*\*{part}\*\*:[ \n](.*)", self.text, re.MULTILINE | re.DOTALL) for part in PARTS}
        empty = [part for part, found in said.items() if not found or not found[1].strip()]
        return empty if commands(self.text) else [*empty, "a command"]


def sections(folder: Path = FOLDER) -> list[Section]:
    return [
        Section(page.stem, found["name"], found["text"])
        for page in sorted(folder.glob("*.md"))
        for found in SECTION.finditer(page.read_text(encoding="utf-8").partition(WITHOUT_ALARM)[0])
    ]


def commands(text: str, program: str = "") -> list[list[str]]:
    """Return every command of the page's blocks, or those of one program, split as a shell would."""
    lines = (line for block in BLOCK.findall(text) for line in block.splitlines() if line.startswith(program))
    return [shlex.split(line) for line in lines]


def said_under(context: str, title: str, folder: Path = FOLDER) -> list[list[str]]:
    """The commands below a question that no alarm asks, by its first words."""
    page = (folder / f"{context}.md").read_text(encoding="utf-8").partition(WITHOUT_ALARM)[2]
    return commands(page.partition(f"**{title}")[2].partition("\n**")[0])


def takeaway_commands(folder: Path = FOLDER) -> Iterator[tuple[str, list[str]]]:
    """Yield each `takeaway` command of the runbooks with its context, also of sections without an alarm."""
    for page in sorted(folder.glob("*.md")):
        for command in commands(page.read_text(encoding="utf-8"), "takeaway "):
            yield page.stem, command[1:]
