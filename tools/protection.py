"""Protect an assembly's stacks against deletion, but only once they have been deployed successfully.

    python -m tools.protection before assemblies/prod       then `cdk deploy --app assemblies/prod`
    python -m tools.protection after assemblies/prod

A stack whose first deployment failed can only be deleted, which protection would forbid. So `before` lets the CDK CLI
protect only the stacks that have been deployed before, and `after` protects the others. A stack that the assembly does
not want protected is left alone.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

# The statuses of a stack that was never deployed successfully: the next deployment has to delete it first.
NEVER_WORKED = ("CREATE_FAILED", "CREATE_IN_PROGRESS", "REVIEW_IN_PROGRESS", "ROLLBACK_COMPLETE", "ROLLBACK_FAILED",
                "ROLLBACK_IN_PROGRESS", "DELETE_COMPLETE", "DELETE_FAILED", "DELETE_IN_PROGRESS")  # fmt: skip
STACK = "aws:cloudformation:stack"
WANTED, NOW = "terminationProtectionWanted", "terminationProtection"
CONFIG = Config(connect_timeout=5, read_timeout=30, retries={"mode": "standard", "total_max_attempts": 5})


def before(assembly: Path, stacks: Any) -> list[str]:
    """Let the assembly protect only stacks deployed before, and return the names that are left for `after`."""
    manifest, left = _manifest(assembly), []
    for name, properties in _protected(manifest):
        properties[WANTED] = True
        properties[NOW] = _worked(stacks, name)
        left += [] if properties[NOW] else [name]
    (assembly / "manifest.json").write_text(json.dumps(manifest, indent=2), encoding="utf-8")
    return left


def after(assembly: Path, stacks: Any) -> list[str]:
    """Protect every deployed stack that should be, and return the names of those that were never deployed."""
    failed = []
    for name, _ in _protected(_manifest(assembly)):
        if _worked(stacks, name):
            stacks.update_termination_protection(StackName=name, EnableTerminationProtection=True)
        else:
            failed.append(name)
    return failed


def _manifest(assembly: Path) -> dict[str, Any]:
    manifest: dict[str, Any] = json.loads((assembly / "manifest.json").read_text(encoding="utf-8"))
    return manifest


def _protected(manifest: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for id_, artifact in manifest["artifacts"].items():
        properties = artifact.get("properties", {})
        if artifact["type"] == STACK and (properties.get(WANTED) or properties.get(NOW)):
            yield properties.get("stackName", id_), properties


def _worked(stacks: Any, name: str) -> bool:
    try:
        (found,) = stacks.describe_stacks(StackName=name)["Stacks"]
    except ClientError as error:
        if error.response["Error"]["Code"] == "ValidationError":  # the stack does not exist
            return False
        raise
    return found["StackStatus"] not in NEVER_WORKED


def main(arguments: list[str]) -> None:
    steps = {"before": before, "after": after}
    step, assembly = [*arguments, "", ""][:2]
    if step not in steps or not (Path(assembly) / "manifest.json").is_file():
        sys.exit("expected before or after, and the folder of an assembly, such as `before assemblies/prod`")
    told = {"before": "not protected yet", "after": "never deployed with success, so not protected"}
    for name in steps[step](Path(assembly), boto3.client("cloudformation", config=CONFIG)):
        print(f"{name}: {told[step]}")


if __name__ == "__main__":
    main(sys.argv[1:])
