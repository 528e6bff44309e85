"""What a synthesis has made: which stacks there are, what each needs to be there before it, what has to be built."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

STACK = "aws:cloudformation:stack"
BUNDLES = "bundle.*.zip"


@dataclass(frozen=True)
class Assembly:
    """The folder that app.py writes, for one stage."""

    folder: Path
    prefix: str

    @cached_property
    def needs(self) -> Mapping[str, Sequence[str]]:
        """The bus, each context and the console, with those of them that have to be deployed before it."""
        artifacts: dict[str, Any] = json.loads((self.folder / "manifest.json").read_text())["artifacts"]
        stacks = {id_: artifact for id_, artifact in artifacts.items() if artifact["type"] == STACK}
        return {
            self._context(id_): [self._context(each) for each in stack.get("dependencies", ()) if each in stacks]
            for id_, stack in stacks.items()
        }

    def stack(self, context: str) -> str:
        return f"{self.prefix}-{context}"

    def builders(self, *contexts: str) -> list[Sequence[str]]:
        """The commands that build what the functions of these contexts carry."""
        found: dict[str, Sequence[str]] = {}
        for context in contexts:
            assets = json.loads((self.folder / f"{self.stack(context)}.assets.json").read_text())["files"]
            found |= {hash_: asset["source"].get("executable") for hash_, asset in assets.items()}
        return [command for command in found.values() if command]

    def _context(self, stack: str) -> str:
        return stack.removeprefix(f"{self.prefix}-")
