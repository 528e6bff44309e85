"""Questions to a synthesized template that several tests ask, and all templates as they would be deployed."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from aws_cdk.assertions import Template
from moto.events.models import EventPattern


def allowed_actions(template: Template) -> dict[str, set[str]]:
    """Which actions the roles of a stack may do, by resource as the template writes it."""
    allowed: dict[str, set[str]] = {}
    for statement in _statements(template):
        assert statement["Effect"] == "Allow"
        for resource in _listed(statement["Resource"]):
            allowed.setdefault(json.dumps(resource, sort_keys=True), set()).update(_listed(statement["Action"]))
    return allowed


def rule_matches(template: Template, event: dict[str, Any]) -> bool:
    """Whether the stack's one rule lets the event through, as the bus decides it."""
    (rule,) = template.find_resources("AWS::Events::Rule").values()
    return matches(rule["Properties"]["EventPattern"], event)


def matches(pattern: dict[str, Any], event: dict[str, Any]) -> bool:
    """Whether a rule with this pattern lets the event through, as the bus decides it."""
    return bool(EventPattern(json.dumps(pattern), pattern).matches_event(event))  # type: ignore[arg-type]


def synthesized(out: Path) -> dict[str, dict[str, Any]]:
    """The template of each stack of a default deployment, by the part of its name after the stage."""
    repository = Path(__file__).parents[2]
    context = json.loads((repository / "cdk.json").read_text(encoding="utf-8"))["context"]
    environment = os.environ | {
        "CDK_OUTDIR": str(out),
        # layers take a minute to build, and say nothing about who listens to what
        "CDK_CONTEXT_JSON": json.dumps(context | {"dependencies": "engine"}),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    }
    made = subprocess.run(
        [sys.executable, "app.py"], cwd=repository, env=environment, capture_output=True, text=True, check=False
    )
    assert made.returncode == 0, made.stderr
    return {
        path.name.removesuffix(".template.json").split("-", 2)[2]: json.loads(path.read_text(encoding="utf-8"))
        for path in out.glob("takeaway-*.template.json")
    }


def _statements(template: Template) -> Iterator[dict[str, Any]]:
    for policy in template.find_resources("AWS::IAM::Policy").values():
        yield from policy["Properties"]["PolicyDocument"]["Statement"]


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
