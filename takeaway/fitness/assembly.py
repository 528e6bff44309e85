"""The templates as they would be deployed: synthesized into a folder that goes again, or read where they are."""

import json
import re
import tempfile
from pathlib import Path
from typing import Any

from takeaway.deploy import cdk
from takeaway.errors import UsageError
from takeaway.fitness.stack import Stack

# Layers say nothing about boundaries, and take a minute to build.
QUICK = {"dependencies": "engine"}
STACK = "aws:cloudformation:stack"
FULL_NAME = re.compile(r"takeaway-(?P<stage>[a-z0-9]+)-(?P<name>.+)")


def synthesized(log: Path) -> dict[str, Stack]:
    """The stacks of a default deployment of this folder. Raises DeploymentFailed."""
    with tempfile.TemporaryDirectory(prefix="takeaway-assembly-") as folder:
        assembly = Path(folder) / "cdk.out"
        cdk.synthesize(QUICK, assembly, log=log)
        return read(assembly)


def read(assembly: Path) -> dict[str, Stack]:
    """The stacks of an assembly, by the part of their name after the stage. Raises UsageError if it is none."""
    manifest = assembly / "manifest.json"
    if not manifest.is_file():
        raise UsageError(
            f"{assembly} is no cloud assembly: expected manifest.json, as `cdk synth` writes it (cdk.out)."
        )
    artifacts = _json(manifest).get("artifacts", {})
    stacks = [
        _stack(artifact["properties"].get("stackName", name), assembly / artifact["properties"]["templateFile"])
        for name, artifact in artifacts.items()
        if artifact["type"] == STACK
    ]
    if not stacks:
        raise UsageError(f"{assembly} holds no stack of Takeaway (takeaway-<stage>-<context>).")
    return {stack.name: stack for stack in stacks}


def _stack(full_name: str, template: Path) -> Stack:
    found = FULL_NAME.fullmatch(full_name)
    if not found:
        raise UsageError(f"{full_name} is no stack of Takeaway: expected takeaway-<stage>-<context>.")
    return Stack(found["name"], full_name, _json(template))


def _json(path: Path) -> dict[str, Any]:
    try:
        document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UsageError(f"{path} can't be read as JSON: {error}") from error
    return document
