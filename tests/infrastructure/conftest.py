"""The app as a whole, as the CDK CLI would have it synthesized, for several stages."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from shared.infrastructure.bundle_contents import REPOSITORY
from takeaway.deploy.assembly import Assembly

Synthesize = Callable[..., Assembly]


@pytest.fixture(scope="session")
def synthesized(tmp_path_factory: pytest.TempPathFactory) -> Synthesize:
    """The assembly of a stage, by a command line of the CDK CLI."""
    context = json.loads((REPOSITORY / "cdk.json").read_text(encoding="utf-8"))["context"]

    @cache
    def make(stage: str, command: str = "cdk deploy --all") -> Assembly:
        out = tmp_path_factory.mktemp(stage)
        environment = os.environ | {
            "CDK_OUTDIR": str(out),
            "CDK_CONTEXT_JSON": json.dumps(context | {"stage": stage}),
            "CDK_COMMAND": command,
        }
        done = subprocess.run(
            [sys.executable, "app.py"], cwd=REPOSITORY, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return Assembly(Path(out), f"takeaway-{stage}")

    return make
