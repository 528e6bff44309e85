"""Find the versions that a run used: deployment tools, engine, and this repository."""

import json
import platform
import re
from importlib.metadata import version

from takeaway import git
from takeaway.paths import REPOSITORY
from takeaway.run.client.target import Target
from takeaway.run.engine.kinds import EngineKind, fetch_json

MINISTACK = re.compile(r"^ministack(?:\[\S+])?==(\S+)", re.MULTILINE)


def versions(target: Target) -> dict[str, str]:
    return {
        "engine": f"{target.traits.kind} {_of_engine(target)}".strip(),
        "AWS CDK CLI": json.loads((REPOSITORY / "node_modules/aws-cdk/package.json").read_text())["version"],
        "aws-cdk-lib": version("aws-cdk-lib"),
        "Python": platform.python_version(),
        "Python of functions": target.traits.python,
        "Takeaway": git.commit(REPOSITORY),
    }


def _of_engine(target: Target) -> str:
    match target.traits.kind:
        case EngineKind.AWS:
            return f"in {target.client('cloudformation').meta.region_name}"
        case EngineKind.LOCALSTACK:
            return str(fetch_json(f"{target.endpoint}/_localstack/health").get("version", ""))
        case EngineKind.MINISTACK:  # the pinned version is the one that `make setup` installs
            pinned = MINISTACK.search((REPOSITORY / "requirements/engine.lock").read_text())
            return pinned[1] if pinned else ""
