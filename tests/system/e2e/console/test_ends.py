"""A console that is ended while people watch and orders are on their way."""

import signal
import subprocess

import httpx
import pytest

from takeaway.paths import TOOLS
from takeaway.run.client.system import System
from tests.conftest import Engine
from tests.fakes.command_line import nobodys_environment

pytestmark = [pytest.mark.engine, pytest.mark.own_stage]


@pytest.mark.parametrize(("how", "code"), [(signal.SIGINT, 0), (signal.SIGTERM, 143)])
def test_it_ends_at_once_with_nothing_but_its_own_words(
    how: signal.Signals, code: int, engine: Engine, watched: System
) -> None:
    environment = {
        **nobodys_environment(),
        "AWS_ENDPOINT_URL": engine.endpoint,
        "TAKEAWAY_HOME": str(engine.target.home.folder),
    }
    process = subprocess.Popen(
        [TOOLS / "takeaway", "--stage", watched.target.stage, "console", "--orders", "50"],
        env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    address = process.stdout.readline().strip()
    with httpx.stream("GET", f"{address}live?part=traffic/{watched.target.stage}", timeout=60, trust_env=False) as seen:
        lines = seen.iter_lines()
        while "placed" not in next(lines):
            pass
        process.send_signal(how)
        assert not [line for line in lines if "trouble" in line]
    _, said = process.communicate(timeout=60)
    assert process.returncode == code
    assert said.splitlines()[0].startswith("the console of stage watched, which watches and acts")
    assert len(said.splitlines()) == 1, said
