"""Read a cloud assembly, the folder that a CDK synthesis writes: its stacks, functions and build commands."""

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
    """The cloud assembly of one stage. `prefix` begins the names of its stacks."""

    folder: Path
    prefix: str

    @cached_property
    def contexts(self) -> Sequence[str]:
        """The contexts whose stacks are in it; bus and console are among them."""
        artifacts: dict[str, Any] = json.loads((self.folder / "manifest.json").read_text())["artifacts"]
        stacks = [id_ for id_, artifact in artifacts.items() if artifact["type"] == STACK]
        return [stack.removeprefix(f"{self.prefix}-") for stack in stacks]

    def stack(self, context: str) -> str:
        return f"{self.prefix}-{context}"

    def context_of(self, resource: str) -> str:
        """Return the context that a function or a state machine belongs to, by its name."""
        named = [each for each in self.contexts if f"{resource}-".startswith(f"{self.stack(each)}-")]
        return max(named, key=len)

    def template(self, context: str) -> dict[str, Any]:
        template: dict[str, Any] = json.loads((self.folder / f"{self.stack(context)}.template.json").read_text())
        return template

    def builders(self) -> list[Sequence[str]]:
        """Return the commands that build functions' bundles and layers."""
        return list(self._builders.values())

    @cached_property
    def _builders(self) -> dict[str, Sequence[str]]:
        """The build commands, by the hash of what they build."""
        files = [json.loads(file.read_text())["files"] for file in self.folder.glob("*.assets.json")]
        found = {hash_: asset["source"].get("executable") for assets in files for hash_, asset in assets.items()}
        return {hash_: command for hash_, command in found.items() if command}

    @cached_property
    def functions(self) -> dict[str, Sequence[str]]:
        """The commands that build functions' bundles, by function name; functions with inline code are left out."""
        keys = {each["FunctionName"]: each["Code"].get("S3Key", "") for each in self._all("AWS::Lambda::Function")}
        by_key = {name: self._builders.get(key.removesuffix(".zip")) for name, key in keys.items()}
        return {name: builder for name, builder in by_key.items() if builder}

    @cached_property
    def machines(self) -> dict[str, dict[str, Any]]:
        """The template's properties of each state machine, by name."""
        return {each["StateMachineName"]: each for each in self._all("AWS::StepFunctions::StateMachine")}

    def _all(self, kind: str) -> list[dict[str, Any]]:
        templates = [self.template(context)["Resources"].values() for context in self.contexts]
        found = [each["Properties"] for resources in templates for each in resources if each["Type"] == kind]
        return [each for each in found if isinstance(each.get("FunctionName", each.get("StateMachineName")), str)]
