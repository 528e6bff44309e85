"""The steps that deployments to an engine on this machine share, be it everything or one context."""

import hashlib
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from time import monotonic
from typing import Protocol, TypeVar

from takeaway import issuer
from takeaway.issuer import LocalIssuer
from takeaway.run.client import outputs
from takeaway.run.client.target import Target
from takeaway.run.deploy import cdk, engine_gaps, kept, swapped, tools
from takeaway.run.deploy.apps import CdkApp
from takeaway.run.deploy.assembly import Assembly
from takeaway.run.deploy.parameters import Parameters
from takeaway.run.engine.kinds import EngineKind
from takeaway.waiting import inheriting

API_ID_DIGITS = 8
Seconds = dict[str, float]
Made = TypeVar("Made")


class Progress(Protocol):
    """Hears the steps of a deployment: the one that begins, and what is done."""

    def step(self, doing: str) -> None: ...

    def done(self, what: str) -> None: ...


class Quiet:
    """A progress that shows nothing, for a deployment that runs beside others."""

    def step(self, doing: str) -> None: ...

    def done(self, what: str) -> None: ...


def context_of(target: Target, parameters: Parameters) -> dict[str, str]:
    """Return the CDK context of a deployment. It has the issuer's URL, although the issuer is published later."""
    return parameters.context(target.traits, issuer.url_of(target.endpoint_of_functions, target.prefix))


def tags_of(target: Target) -> dict[str, str]:
    """Return the tags of every stack: on an engine that takes the API's id from a tag, that id.

    The API's URL is then the same after each `takeaway up`. The id has eight hexadecimal digits, because the engine
    finds only such an API by its host name, `<id>.execute-api.…`.
    """
    tag = target.traits.api_id_tag
    return {tag: hashlib.sha256(target.prefix.encode()).hexdigest()[:API_ID_DIGITS]} if tag else {}


def synthesize(target: Target, context: dict[str, str], app: CdkApp | None = None) -> Assembly:
    """Synthesize into a new folder, and link bundles that were built before: building a layer takes a minute."""
    assembly = Assembly(target.home.new_assembly(target.stage), target.prefix)
    cdk.synthesize(context, assembly.folder, log=target.home.folder / "synth.log", app=app)
    kept.link(target.home.bundles, assembly.folder)
    return assembly


def make_ready(
    target: Target, context: dict[str, str], progress: Progress, app: CdkApp | None = None
) -> tuple[Assembly, Seconds]:
    """Synthesize, and at the same time bootstrap the engine and publish the issuer, which stacks need."""
    home, seconds = target.home, Seconds()
    progress.step("synthesizing the templates")
    with ThreadPoolExecutor(max_workers=3) as pool:
        # The three are independent, and mostly wait for other processes, so they run at once.
        synthesis = pool.submit(inheriting(lambda: _seconds_of(lambda: synthesize(target, context, app))))
        preparing: list[Future[None]] = [
            pool.submit(inheriting(lambda: _bootstrap(target))),
            pool.submit(
                inheriting(lambda: engine_gaps.publish(target, LocalIssuer(context["oidcIssuer"], home.issuer_key)))
            ),
        ]
        try:
            seconds["synth"], assembly = synthesis.result()
            for task in preparing:
                task.result()
        except BaseException:
            tools.end((synthesis, *preparing))
            raise
    progress.done("templates synthesized, issuer published")
    return assembly, seconds


def _bootstrap(target: Target) -> None:
    """Bootstrap the target; the embedded engine only once, because the same CLI version always does the same."""
    if target.traits.kind is not EngineKind.MINISTACK or not outputs.is_healthy(target, cdk.TOOLKIT):
        cdk.bootstrap(target.environment(), log=target.home.folder / "bootstrap.log")


def put_there(target: Target, assembly: Assembly, context: dict[str, str], progress: Progress) -> Seconds:
    """Deploy every stack of the assembly, and add what the engine left out; returns the seconds it took."""
    home = target.home

    def told(stack: str, changed: bool) -> None:  # noqa: FBT001
        progress.done(stack if changed else f"{stack}: no changes")

    try:
        if context["dependencies"] != "engine":
            progress.step("installing the packages of functions")
            cdk.build(assembly, log=home.folder / "build.log")
        progress.step("deploying the stacks")
        log, tags = home.folder / "deploy.log", tags_of(target)
        seconds, _ = _seconds_of(
            lambda: cdk.deploy(assembly.folder, target.environment(), log=log, tags=tags, on_stack=told)
        )
    finally:
        kept.link(assembly.folder, home.bundles)
    swapped.put_right(target, assembly)
    if target.endpoint:
        progress.step("adding what the engine's CloudFormation left out")
        engine_gaps.make_good(target, assembly, progress.done)
    return {"deploy": seconds}


def _seconds_of(task: Callable[[], Made]) -> tuple[float, Made]:
    started = monotonic()
    made = task()
    return monotonic() - started, made
