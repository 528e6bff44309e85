"""Of what a run was made of: the tools that deploy, the engine, and this repository."""

import json
import platform
import subprocess
from importlib.metadata import version

from takeaway import git
from takeaway.paths import ENGINE_PYTHON, REPOSITORY
from takeaway.run.client.target import Target
from takeaway.run.engine.kinds import EngineKind, fetch_json

ASK_ENGINE = "from importlib.metadata import version; print(version('ministack'))"
COMMIT_LENGTH = 12


def versions(target: Target) -> dict[str, str]:
    return {
        "engine": f"{target.traits.kind} {_of_engine(target)}".strip(),
        "AWS CDK CLI": json.loads((REPOSITORY / "node_modules/aws-cdk/package.json").read_text())["version"],
        "aws-cdk-lib": version("aws-cdk-lib"),
        "Python": platform.python_version(),
        "Python of functions": target.traits.python,
        "Takeaway": _commit(),
    }


def _of_engine(target: Target) -> str:
    match target.traits.kind:
        case EngineKind.AWS:
            return f"in {target.client('cloudformation').meta.region_name}"
        case EngineKind.LOCALSTACK:
            return str(fetch_json(f"{target.endpoint}/_localstack/health").get("version", ""))
        case EngineKind.MINISTACK:
            asked = [ENGINE_PYTHON, "-c", ASK_ENGINE]
            return subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip()  # noqa: S603


def _commit() -> str:
    """Which one is checked out, and whether there is more than that; empty without git."""
    try:
        commit = git.run("rev-parse", f"--short={COMMIT_LENGTH}", "HEAD", folder=REPOSITORY).stdout.decode().strip()
        changed = git.run("status", "--porcelain", folder=REPOSITORY).stdout.strip()
    except FileNotFoundError:
        return ""
    return f"{commit} and changes" if changed else commit
