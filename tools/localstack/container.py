"""Run LocalStack from compose.yaml; its functions run in containers too."""

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from takeaway.paths import REPOSITORY
from tools.localstack import FOLDER

VERSION, VERSION_FOR_A_TOKEN = "4.14.0", "2026.08.3"
START_SECONDS, STOP_SECONDS = 300, 60


def docker_answers() -> bool:
    try:
        for command in (["docker", "compose", "version"], ["docker", "info"]):
            subprocess.run(command, check=True, capture_output=True, timeout=30)
    except (OSError, subprocess.SubprocessError):
        return False
    return True


@dataclass(frozen=True)
class Container:
    """LocalStack as a compose project of its own, so that another LocalStack on this machine is not affected."""

    port: int
    log: Path = FOLDER / "log"

    def __str__(self) -> str:
        return f"LocalStack {self.environment(os.environ)['LOCALSTACK_VERSION']} in a container"

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def environment(self, given: Mapping[str, str]) -> dict[str, str]:
        """Make the environment: with a token, a release that needs one, unless LOCALSTACK_VERSION is given."""
        version = VERSION_FOR_A_TOKEN if given.get("LOCALSTACK_AUTH_TOKEN") else VERSION
        return {"LOCALSTACK_VERSION": version, **given, "LOCALSTACK_PORT": str(self.port)}

    def start(self) -> None:
        self._compose("up", "--detach", "--wait", "--wait-timeout", str(START_SECONDS))

    def stop(self) -> None:
        self.log.parent.mkdir(exist_ok=True)
        with self.log.open("wb") as log:
            self._compose("logs", "--no-color", stdout=log.fileno(), check=False)
        # A clean stop also removes the containers of its functions.
        self._compose("down", "--volumes", "--timeout", str(STOP_SECONDS))

    def _compose(self, *arguments: str, stdout: int | None = None, check: bool = True) -> None:
        command = ["docker", "compose", "--project-name", f"takeaway-tests-{self.port}", *arguments]
        subprocess.run(command, cwd=REPOSITORY, env=self.environment(os.environ), stdout=stdout, check=check)
