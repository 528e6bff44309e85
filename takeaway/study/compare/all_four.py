"""Deploy all wirings on one engine for the time of a `with` block, each as a stage of its own."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx

from takeaway.run.client.system import System
from takeaway.run.client.target import Target
from takeaway.run.deploy import cdk, tools
from takeaway.run.deploy.all_wirings import stage_of
from takeaway.run.deploy.deployment import Progress, Quiet
from takeaway.run.deploy.parameters import Parameters
from takeaway.run.deploy.up import bring_up
from takeaway.run.engine.home import Home
from takeaway.run.engine.passing import engine_of_its_own
from takeaway.study.compare.contender import Contender
from takeaway.wiring import Wiring

ACCEPT_TIMEOUT, DELIVERY_TIMEOUT = 10, 20  # seconds
RETRY_WAITS = 0.05  # a factor for the workflows' waits between retries; the number of tries stays


AllFour = Mapping[Wiring, Contender]


@contextmanager
def four_of_its_own(*, accept_timeout: int, delivery_timeout: int, progress: Progress) -> Iterator[AllFour]:
    """Start an engine, deploy all wirings, and yield them; engine and folder are removed at the end."""
    progress.step("starting an engine")
    with engine_of_its_own("compare", stage=Wiring.HYBRID) as (home, record):
        httpx.post(
            f"{record.endpoint}/_ministack/config",
            json={"stepfunctions._SFN_WAIT_SCALE": RETRY_WAITS},
            trust_env=False,
        ).raise_for_status()
        yield _deployed(home.folder, record.endpoint, accept_timeout, delivery_timeout, progress)


def parameters_of(
    target: Target,
    wiring: Wiring,
    accept_timeout: int = ACCEPT_TIMEOUT,
    delivery_timeout: int = DELIVERY_TIMEOUT,
) -> Parameters:
    """Return the parameters of a wiring's deployment.

    Each has a sender of its own, so that an e-mail outage in one does not affect the others.
    """
    extra = {"sender": f"orders@{target.stage}.example.com"}
    return Parameters(target.stage, accept_timeout, delivery_timeout, system=wiring, extra=extra)


def _deployed(folder: Path, endpoint: str, accept_timeout: int, delivery_timeout: int, progress: Progress) -> AllFour:
    """Deploy each wiring like `takeaway up --system`, all at the same time."""
    progress.step("synthesizing and deploying four systems")
    targets = {wiring: Target(Home(folder / wiring), stage_of(wiring), endpoint=endpoint) for wiring in Wiring}
    cdk.bootstrap(targets[Wiring.HYBRID].environment(), log=folder / "bootstrap.log")  # once for all

    def deploy(wiring: Wiring) -> Contender:
        target = targets[wiring]
        bring_up(target, parameters_of(target, wiring, accept_timeout, delivery_timeout), Quiet())
        progress.done(f"{wiring} system deployed")
        return Contender(wiring, System(target))

    return dict(zip(targets, tools.at_once(deploy, targets, len(targets)), strict=True))
