"""`takeaway up`: from nothing, or from what runs already, to a system that is deployed as this folder has it."""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from time import monotonic
from typing import Protocol

from takeaway import issuer
from takeaway.client import outputs
from takeaway.client.target import Target
from takeaway.deploy import amends, cdk, issuing, tools
from takeaway.deploy.fingerprint import fingerprint
from takeaway.deploy.parameters import DEFAULT_ACCEPT_TIMEOUT, DEFAULT_DELIVERY_TIMEOUT, Parameters
from takeaway.engine.kinds import EngineKind
from takeaway.errors import UsageError


class Progress(Protocol):
    """Who is told what happens."""

    def step(self, doing: str) -> None: ...

    def done(self, what: str) -> None: ...


@dataclass
class Deployed:
    """What `bring_up` did: the stacks as they are now, and how long each step took."""

    stacks: outputs.Stacks
    changed: bool = False
    seconds: dict[str, float] = field(default_factory=dict)


def bring_up(target: Target, parameters: Parameters, progress: Progress) -> Deployed:
    """Deploy to an engine that runs. Does nothing when it would change nothing."""
    if target.traits.kind is EngineKind.AWS:
        raise UsageError("`takeaway up` is for engines on this machine; on AWS run `cdk deploy --all`.")
    assert target.endpoint is not None  # noqa: S101 - engines on this machine have one
    # The functions of the API are told where it is before anything is deployed.
    url = parameters.extra.get("oidcIssuer") or issuer.url_of(target.endpoint_of_functions, target.prefix)
    context = parameters.context(target.traits, url)
    mark = fingerprint(context)
    progress.step("looking at what is there")
    stacks = outputs.read(target)
    if stacks.are_healthy and target.deployed().get("fingerprint") == mark:
        return Deployed(stacks)
    seconds = _deploy(target, context, issuer.LocalIssuer(url, target.home.issuer_key), progress)
    facts = {
        "fingerprint": mark,
        "issuer": url,
        "accept_timeout": parameters.accept_timeout,
        "delivery_timeout": parameters.delivery_timeout,
    }
    target.home.remember_deployed(target.stage, target.endpoint, facts)
    return Deployed(outputs.read(target), changed=True, seconds=seconds)


def parameters_of(
    target: Target, *, accept_timeout: int | None, delivery_timeout: int | None, extra: Mapping[str, str]
) -> Parameters:
    """What was chosen; else as the deployment that runs has it; else the defaults."""
    before = target.deployed()
    return Parameters(
        stage=target.stage,
        accept_timeout=accept_timeout or int(before.get("accept_timeout", DEFAULT_ACCEPT_TIMEOUT)),
        delivery_timeout=delivery_timeout or int(before.get("delivery_timeout", DEFAULT_DELIVERY_TIMEOUT)),
        extra=extra,
    )


def _deploy(
    target: Target, context: dict[str, str], local_issuer: issuer.LocalIssuer, progress: Progress
) -> dict[str, float]:
    home, seconds = target.home, {}
    started = monotonic()
    progress.step("synthesizing the templates")
    with ThreadPoolExecutor(max_workers=3) as pool:
        # None of the three needs another, and each waits for something else most of the time.
        synthesis = pool.submit(
            _seconds_of, lambda: cdk.synthesize(context, home.assembly, log=home.folder / "synth.log")
        )
        preparing = [
            pool.submit(lambda: cdk.bootstrap(target.environment(), log=home.folder / "bootstrap.log")),
            pool.submit(lambda: issuing.publish(target, local_issuer)),
        ]
        try:
            seconds["synth"] = synthesis.result()
            for task in preparing:
                task.result()
        except BaseException:
            tools.stop_all()
            raise
    progress.done("templates synthesized, issuer published")
    progress.step("deploying the stacks")

    def told(stack: str, changed: bool) -> None:  # noqa: FBT001
        progress.done(stack if changed else f"{stack}: no changes")

    log = home.folder / "deploy.log"
    seconds["deploy"] = _seconds_of(lambda: cdk.deploy(home.assembly, target.environment(), log=log, on_stack=told))
    progress.step("making good what the engine lacks")
    amends.make_good(target, home.assembly, context, progress.done)
    seconds["in all"] = monotonic() - started
    return seconds


def _seconds_of(task: Callable[[], None]) -> float:
    started = monotonic()
    task()
    return monotonic() - started
