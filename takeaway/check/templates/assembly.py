"""The stacks as they would be deployed: synthesized into a folder that goes again, or read where they are."""

import json
import re
import shutil
import sys
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from shared.stage_names import PRODUCTION
from takeaway.check.templates.stack import Stack, Template
from takeaway.errors import DeploymentFailed, UsageError
from takeaway.issuer import AUDIENCE
from takeaway.run.deploy import cdk
from takeaway.run.deploy.assembly import STACK

# Layers say nothing about boundaries or money, and take a minute to build.
QUICK = {"dependencies": "engine"}
# What an owner would choose of production, so that its templates can be looked at.
_CHOSEN = {
    "oidcIssuer": "https://identity.shop.internal",
    "oidcAudience": AUDIENCE,
    "sender": "orders@shop.internal",
    "alarmEmail": "team@shop.internal",
}
METADATA = ".metadata.json"
FULL_NAME = re.compile(r"takeaway-(?P<stage>[a-z0-9]+)-(?P<name>.+)")


def chosen(stage: str) -> Mapping[str, str]:
    """What has to be chosen of a stage before it can be synthesized."""
    return _CHOSEN if stage == PRODUCTION else {}


Stacks = Mapping[str, Stack]  # by the part of their name after the stage


@cache
def synthesized(stage: str = "dev", wiring: str = "hybrid") -> Stacks:
    """The stacks of a deployment of this repository, once per process. Raises DeploymentFailed, which names its log."""
    folder = Path(tempfile.mkdtemp(prefix="takeaway-assembly-"))
    try:
        return read(synthesize(folder, stage=stage, wiring=wiring))
    finally:
        if not isinstance(sys.exception(), DeploymentFailed):  # whose log stays
            shutil.rmtree(folder)


def synthesize(folder: Path, *, stage: str = "dev", wiring: str = "hybrid") -> Path:
    """Write the assembly into the folder, and the log of it; return where the assembly is. Raises DeploymentFailed."""
    assembly = folder / "cdk.out"
    context = {**QUICK, **chosen(stage), "stage": stage, "system": wiring}
    cdk.synthesize(context, assembly, log=folder / "synth.log")
    return assembly


def read(assembly: Path) -> Stacks:
    """The stacks of an assembly. Raises UsageError if it is none."""
    manifest = assembly / "manifest.json"
    if not manifest.is_file():
        raise UsageError(
            f"{assembly} is no cloud assembly: expected manifest.json, as `cdk synth` writes it (cdk.out)."
        )
    artifacts = read_json(manifest).get("artifacts", {})
    stacks = [
        _stack(artifact["properties"].get("stackName", name), assembly / artifact["properties"]["templateFile"])
        for name, artifact in artifacts.items()
        if artifact["type"] == STACK
    ]
    if not stacks:
        raise UsageError(f"{assembly} holds no stack of Takeaway (takeaway-<stage>-<context>).")
    return {stack.name: stack for stack in stacks}


def by_full_name(stacks: Stacks) -> dict[str, Template]:
    """The plain templates, for another process to read."""
    return {stack.full_name: stack.template for stack in stacks.values()}


def _stack(full_name: str, template: Path) -> Stack:
    found = FULL_NAME.fullmatch(full_name)
    if not found:
        raise UsageError(f"{full_name} is no stack of Takeaway: expected takeaway-<stage>-<context>.")
    notes = template.with_name(f"{full_name}{METADATA}")
    return Stack(found["name"], full_name, read_json(template), read_json(notes) if notes.exists() else {})


def read_json(path: Path) -> dict[str, Any]:
    try:
        document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UsageError(f"{path} can't be read as JSON: {error}") from error
    return document
