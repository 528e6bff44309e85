"""Deploy everything to a LocalStack of its own, and run the engine's tests on it.

python -m tools.localstack             in a container where there is Docker, else by the rig
python -m tools.localstack container   in a container, or not at all
    all                                also the other tests that deploy stages of their own, which takes minutes more
python -m tools.localstack stop        stops what a killed run has left
"""

import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from tempfile import TemporaryDirectory

from takeaway.paths import REPOSITORY, TOOLS
from takeaway.run.engine.environment import free_port
from takeaway.run.engine.kinds import EngineKind, traits_of
from tests.conftest import ACCEPT_TIMEOUT_SECONDS, STAGE
from tools.localstack import FOLDER, LocalStack, NotPossibleHere, rig
from tools.localstack.container import Container, docker_answers

SUITES = ("tests/system/e2e", "tests/system/workflow")
# A worker for each suite, because most of the time is spent waiting: for retries, batches and deadlines.
PYTEST = (sys.executable, "-m", "pytest", "-rs", "--numprocesses=2", "--no-loadscope-reorder")
ALL, ALL_BUT_SLOW = "engine", "engine and (every_engine or not own_stage)"


def main(arguments: Sequence[str]) -> int:
    if list(arguments) == ["stop"]:
        rig.Rig(port=0).stop()
        return 0
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    try:
        with alone(), running(chosen(free_port(), container_only="container" in arguments)) as localstack:
            return deployed_and_tested(localstack, ALL if "all" in arguments else ALL_BUT_SLOW)
    except NotPossibleHere as why:
        print(why, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 128 + signal.SIGINT


def chosen(port: int, *, container_only: bool) -> LocalStack:
    if docker_answers():
        return Container(port)
    if container_only:
        raise NotPossibleHere(
            "LocalStack runs in a container, and there is no Docker here (docker compose, and a daemon that answers). "
            "`make test` runs the same tests on the embedded engine."
        )
    if rig.named():
        return rig.Rig(port)
    raise NotPossibleHere(
        f"There is neither Docker here nor a rig (expected {rig.NAMED_BY} to name the folder of `localstack-rig`). "
        "`make test` runs the same tests on the embedded engine."
    )


@contextmanager
def alone() -> Iterator[None]:
    FOLDER.mkdir(exist_ok=True)
    with (FOLDER / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise NotPossibleHere("Another run on LocalStack is under way in this folder: wait for it.") from None
        yield


@contextmanager
def running(localstack: LocalStack) -> Iterator[LocalStack]:
    try:
        with step(f"starting {localstack}"):
            localstack.start()
        yield localstack
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):  # a second signal must not stop the cleaning up
            signal.signal(number, signal.SIG_IGN)
        with step(f"stopping LocalStack (its log: {localstack.log.relative_to(REPOSITORY)})"):
            localstack.stop()


@contextmanager
def step(doing: str) -> Iterator[None]:
    print(f"== {doing}", flush=True)
    began = time.monotonic()
    yield
    print(f"   {time.monotonic() - began:.0f} s", flush=True)


def deployed_and_tested(localstack: LocalStack, which: str) -> int:
    """Deploy, run the tests, and return their exit code, or that of a failed deployment."""
    with TemporaryDirectory(prefix="takeaway-localstack-") as home:
        own = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        there = own | {"AWS_ENDPOINT_URL": localstack.endpoint, "TAKEAWAY_HOME": home, "TAKEAWAY_STAGE": STAGE}
        accept_timeout = ACCEPT_TIMEOUT_SECONDS * traits_of(EngineKind.LOCALSTACK).patience
        with step(f"deploying to {localstack.endpoint}, as stage {STAGE}"):
            failed = run(there, str(TOOLS / "takeaway"), "up", "--accept-timeout", str(accept_timeout))
        if failed:
            return failed
        with step(f"testing: {', '.join(SUITES)}"):
            return run(there, *PYTEST, "-m", which, *SUITES)


def run(environment: Mapping[str, str], *command: str) -> int:
    """Run a command, and wait for its end. If we are ended, it gets SIGTERM, not SIGKILL, so that it can clean up."""
    process = subprocess.Popen(command, cwd=REPOSITORY, env=environment)
    try:
        return process.wait()
    finally:
        process.terminate()
        process.wait()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
