"""The workflows in .github, parsed for the questions of tests."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from shared.infrastructure.bundle_contents import REPOSITORY

FOLDER = REPOSITORY / ".github" / "workflows"
CONTEXT = "./.github/workflows/context.yml"


@dataclass(frozen=True)
class Workflow:
    name: str
    content: dict[Any, Any]

    @property
    def triggers(self) -> dict[str, Any]:
        on: dict[str, Any] = self.content[True]  # `on`, as YAML 1.1 reads it
        return on

    @property
    def jobs(self) -> dict[str, Any]:
        jobs: dict[str, Any] = self.content["jobs"]
        return jobs

    @property
    def inputs(self) -> dict[str, str]:
        """The inputs that it passes to the workflow of all contexts; empty if it is not the pipeline of one."""
        calls = [job["with"] for job in self.jobs.values() if job.get("uses") == CONTEXT]
        return calls[0] if calls else {}

    def paths(self, event: str) -> list[str]:
        return list((self.triggers.get(event) or {}).get("paths", ()))


def read(folder: Path = FOLDER) -> dict[str, Workflow]:
    return {file.stem: Workflow(file.stem, yaml.safe_load(file.read_text())) for file in sorted(folder.glob("*.yml"))}


def pipelines(workflows: dict[str, Workflow]) -> dict[str, Workflow]:
    """Return the workflows of the contexts and of the bus."""
    return {name: workflow for name, workflow in workflows.items() if workflow.inputs}


def commands(workflow: Workflow) -> Iterator[list[str]]:
    """Yield each line that a step runs, word by word."""
    for job in workflow.jobs.values():
        for step in job.get("steps", ()):
            for line in step.get("run", "").replace("\\\n", " ").splitlines():
                if words := re.findall(r'"[^"]*"|\S+', line):
                    yield [word.strip('"') for word in words]


def covers(pattern: str, path: str) -> bool:
    """Tell whether a path filter lets a path through, as GitHub decides it."""
    regex = re.escape(pattern).replace(r"/\*\*/", "/(.*/)?").replace(r"\*\*", ".*").replace(r"\*", "[^/]*")
    return re.fullmatch(regex, path) is not None
