"""All templates as they would be deployed, made by a process of its own: whoever reads them needs no CDK."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from moto.events.models import EventPattern


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
