"""Read the stacks of a cloud assembly, or synthesize one into a temporary folder."""

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

# Without layers, which take a minute to build, and which neither rules nor costs look at.
_QUICK = {"dependencies": "engine"}
# Values that the owner of a production stage has to choose; made up, so that its templates can be synthesized.
_CHOSEN = {
    "oidcIssuer": "https://identity.shop.internal",
    "oidcAudience": AUDIENCE,
    "sender": "orders@shop.internal",
    "alarmEmail": "team@shop.internal",
}
METADATA = ".metadata.json"
FULL_NAME = re.compile(r"takeaway-(?P<stage>[a-z0-9]+)-(?P<name>.+)")


def chosen(stage: str) -> Mapping[str, str]:
    """Return the CDK context without which a stage can't be synthesized: only production has some."""
    return _CHOSEN if stage == PRODUCTION else {}


Stacks = Mapping[str, Stack]  # by context


@cache
def synthesized(stage: str = "dev", wiring: str = "hybrid") -> Stacks:
    """Synthesize this repository's stacks, once per process. Raises DeploymentFailed, which names the log."""
    folder = Path(tempfile.mkdtemp(prefix="takeaway-assembly-"))
    try:
        return read(synthesize(folder, stage=stage, wiring=wiring))
    finally:
        if not isinstance(sys.exception(), DeploymentFailed):  # after a failure the log is needed
            shutil.rmtree(folder)


def synthesize(folder: Path, *, stage: str = "dev", wiring: str = "hybrid") -> Path:
    """Synthesize into the folder, with a log, and return the assembly's path. Raises DeploymentFailed."""
    assembly = folder / "cdk.out"
    cdk.synthesize(context_of(stage, wiring), assembly, log=folder / "synth.log")
    return assembly


def context_of(stage: str = "dev", wiring: str = "hybrid") -> dict[str, str]:
    """Return the CDK context of a synthesis that is only looked at: the same words each time, so that it is kept."""
    return {**_QUICK, **chosen(stage), "stage": stage, "system": wiring}


def read(assembly: Path) -> Stacks:
    """Read the stacks of an assembly. Raises UsageError for a folder that is not one."""
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
    """Return the templates as plain data by stack name, for another process."""
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
