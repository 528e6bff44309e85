"""The templates as they would be deployed: synthesized once, read by every test of this folder."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

REPOSITORY = Path(__file__).parents[2]

Template = dict[str, Any]


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Template]:
    """The template of each stack of a default deployment, by the part of its name after the stage."""
    out = tmp_path_factory.mktemp("cdk.out")
    context = json.loads((REPOSITORY / "cdk.json").read_text(encoding="utf-8"))["context"]
    environment = os.environ | {
        "CDK_OUTDIR": str(out),
        # layers say nothing about boundaries, and take a minute to build
        "CDK_CONTEXT_JSON": json.dumps(context | {"dependencies": "engine"}),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    }
    made = subprocess.run(
        [sys.executable, "app.py"], cwd=REPOSITORY, env=environment, capture_output=True, text=True, check=False
    )
    assert made.returncode == 0, made.stderr
    return {
        path.name.removesuffix(".template.json").split("-", 2)[2]: json.loads(path.read_text(encoding="utf-8"))
        for path in out.glob("takeaway-*.template.json")
    }


@pytest.fixture(scope="session")
def workflow() -> dict[str, Any]:
    """The definition of the order workflow, as it is in the file."""
    path = REPOSITORY / "contexts/orders/workflow/order.asl.json"
    definition: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return definition
