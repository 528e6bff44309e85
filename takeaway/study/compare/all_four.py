"""The four systems beside each other, each in a stage of its own, on an engine that is gone after the `with` block."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx

from takeaway.run.client.system import System
from takeaway.run.client.target import Target
from takeaway.run.deploy import cdk, tools
from takeaway.run.deploy.beside import stage_of
from takeaway.run.deploy.deployment import Progress, Quiet
from takeaway.run.deploy.parameters import Parameters
from takeaway.run.deploy.up import bring_up
from takeaway.run.engine.home import Home
from takeaway.run.engine.passing import engine_of_its_own
from takeaway.study.compare.contender import Contender
from takeaway.wiring import Wiring

ACCEPT_TIMEOUT, DELIVERY_TIMEOUT = 10, 20  # seconds
RETRY_WAITS = 0.05  # of what the workflows say: the tries are as many, what is waited between them is shorter


AllFour = Mapping[Wiring, Contender]


@contextmanager
def four_of_its_own(*, accept_timeout: int, delivery_timeout: int, progress: Progress) -> Iterator[AllFour]:
    """All that is there afterwards is what was found out: the engine ends, its folder goes."""
    progress.step("starting an engine")
    with engine_of_its_own("compare", stage=Wiring.HYBRID) as (home, record):
        httpx.post(
            f"{record.endpoint}/_ministack/config",
            json={"stepfunctions._SFN_WAIT_SCALE": RETRY_WAITS},
            trust_env=False,
        ).raise_for_status()
        yield _deployed(home.folder, record.endpoint, accept_timeout, delivery_timeout, progress)


def _deployed(folder: Path, endpoint: str, accept_timeout: int, delivery_timeout: int, progress: Progress) -> AllFour:
    """Each as `takeaway up --system` does it, all at once."""
    progress.step("synthesizing and deploying four systems")
    targets = {wiring: Target(Home(folder / wiring), stage_of(wiring), endpoint=endpoint) for wiring in Wiring}
    cdk.bootstrap(targets[Wiring.HYBRID].environment(), log=folder / "bootstrap.log")  # what all four find there

    def deploy(wiring: Wiring) -> Contender:
        target = targets[wiring]
        # A sender of its own: where one is taken away, the others go on writing.
        extra = {"sender": f"orders@{target.stage}.example.com"}
        bring_up(
            target, Parameters(target.stage, accept_timeout, delivery_timeout, system=wiring, extra=extra), Quiet()
        )
        progress.done(f"{wiring} system deployed")
        return Contender(wiring, System(target))

    return dict(zip(targets, tools.at_once(deploy, targets, len(targets)), strict=True))
