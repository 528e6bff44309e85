"""Deploy all wirings on one engine, each as a stage of its own, with timeouts that a class can wait for."""

from dataclasses import replace

from takeaway.run.client.outputs import wirings
from takeaway.run.client.target import Target
from takeaway.run.deploy import tools
from takeaway.run.deploy.deployment import Progress, Quiet
from takeaway.run.deploy.parameters import Parameters
from takeaway.run.deploy.up import bring_up, why_not
from takeaway.wiring import Wiring

STAGE_LENGTH = 12
ACCEPT_TIMEOUT, DELIVERY_TIMEOUT = 20, 40  # seconds


def stage_of(wiring: Wiring) -> str:
    return wiring[:STAGE_LENGTH]


def bring_up_beside(target: Target, progress: Progress) -> None:
    """Deploy the wirings that are missing, all at the same time."""
    found = wirings(target)
    able = [wiring for wiring in Wiring if not why_not(target.traits, wiring)]
    missing = [wiring for wiring in able if found.get(stage_of(wiring)) is not wiring]
    if not missing:
        return
    progress.step(f"deploying beside it: {', '.join(missing)}")

    def deploy(wiring: Wiring) -> None:
        stage = stage_of(wiring)
        parameters = Parameters(stage, ACCEPT_TIMEOUT, DELIVERY_TIMEOUT, system=wiring)
        bring_up(replace(target, stage=stage, _clients={}), parameters, Quiet())
        progress.done(f"{wiring} system deployed as stage {stage}")

    tools.at_once(deploy, missing, len(missing))
