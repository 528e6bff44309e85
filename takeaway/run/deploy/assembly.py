"""What a synthesis has made: which stacks there are, what each needs to be there before it, what has to be built."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

STACK = "aws:cloudformation:stack"
BUNDLES = "bundle.*.zip"


@dataclass(frozen=True)
class Assembly:
    """The folder that a CDK app writes, for one stage."""

    folder: Path
    prefix: str

    @cached_property
    def contexts(self) -> Sequence[str]:
        """Those whose stacks are in it, by the last part of the stack's name; also the bus, and the console."""
        artifacts: dict[str, Any] = json.loads((self.folder / "manifest.json").read_text())["artifacts"]
        stacks = [id_ for id_, artifact in artifacts.items() if artifact["type"] == STACK]
        return [stack.removeprefix(f"{self.prefix}-") for stack in stacks]

    def stack(self, context: str) -> str:
        return f"{self.prefix}-{context}"

    def template(self, context: str) -> dict[str, Any]:
        template: dict[str, Any] = json.loads((self.folder / f"{self.stack(context)}.template.json").read_text())
        return template

    def builders(self) -> list[Sequence[str]]:
        """The commands that build what functions carry."""
        found: dict[str, Sequence[str]] = {}
        for file in self.folder.glob("*.assets.json"):
            assets = json.loads(file.read_text())["files"]
            found |= {hash_: asset["source"].get("executable") for hash_, asset in assets.items()}
        return [command for command in found.values() if command]
