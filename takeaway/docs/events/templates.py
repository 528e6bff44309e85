"""The templates as a default deployment would have them, synthesized once per process."""

import json
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from takeaway.deploy import cdk

Template = dict[str, Any]
TEMPLATE, METADATA = ".template.json", ".metadata.json"
# Layers say nothing about who listens to what, and take a minute to build.
WITHOUT_LAYERS = {"dependencies": "engine"}


def synthesized(stage: str = "dev", system: str = "hybrid") -> dict[str, Template]:
    """The template of each stack by the stack's name. Raises DeploymentFailed with what the app said."""
    return {
        name.removesuffix(TEMPLATE): read for name, read in _assembly(stage, system).items() if name.endswith(TEMPLATE)
    }


def metadata() -> dict[str, dict[str, list[dict[str, Any]]]]:
    """What the app has noted on its constructs: by stack, and by the construct's path."""
    return {
        name.removesuffix(METADATA): read
        for name, read in _assembly("dev", "hybrid").items()
        if name.endswith(METADATA)
    }


@cache
def _assembly(stage: str, system: str) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="takeaway-docs-") as folder:
        assembly = Path(folder, "assembly")
        cdk.synthesize({**WITHOUT_LAYERS, "stage": stage, "system": system}, assembly, log=Path(folder, "synth.log"))
        files = (path for kind in (TEMPLATE, METADATA) for path in assembly.glob(f"*{kind}"))
        return {path.name: json.loads(path.read_text(encoding="utf-8")) for path in sorted(files)}


def resources(template: Template, kind: str) -> dict[str, dict[str, Any]]:
    """Logical id and properties of every resource of a type."""
    return {
        name: resource.get("Properties", {})
        for name, resource in template["Resources"].items()
        if resource["Type"] == kind
    }


def logical_id(value: Any) -> str | None:
    """The resource of the same template that a value refers to."""
    if not isinstance(value, dict):
        return None
    name = value["Fn::GetAtt"][0] if "Fn::GetAtt" in value else value.get("Ref")
    return str(name) if name else None
