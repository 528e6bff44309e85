"""The run: a stage is deployed, lives and is destroyed, however it ends; what was seen until then is written."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime

from takeaway.check.prove import stage
from takeaway.check.prove.differences import differences
from takeaway.check.prove.lives import STEPS, Alive, promises
from takeaway.check.prove.plainly import plainly
from takeaway.check.prove.record import EMBEDDED, Evidence, latest
from takeaway.check.prove.versions import versions
from takeaway.errors import TakeawayError
from takeaway.facts import facts_of
from takeaway.interrupts import to_the_end
from takeaway.run.client.people import Signs
from takeaway.run.client.system import System
from takeaway.run.client.target import Target
from takeaway.run.deploy.deployment import Progress
from takeaway.run.deploy.parameters import Parameters

Lived = Callable[[Alive, Evidence], None]


def begun(target: Target) -> Evidence:
    return Evidence(
        engine=target.traits.kind.lower(), began_at=datetime.now(UTC), stage=target.stage, versions=versions(target)
    )


def prove(
    target: Target,
    parameters: Parameters,
    evidence: Evidence,
    progress: Progress,
    *,
    issuer: str = "",
    tokens: Signs | None = None,
    restaurant_id: str = "",
    steps: Sequence[Lived] = STEPS,
) -> None:
    """Into `evidence`, which is whole when this returns or raises, and says which of both. Destroys what it deployed."""
    try:
        with evidence.step("a stage of its own is deployed") as step:
            step.ids["stacks"] = ", ".join(stage.bring(target, parameters, progress, issuer=issuer))
        system = System(target)
        alive = Alive(system, tokens or system.tokens, accept_timeout=parameters.accept_timeout)
        _live(
            Alive(system, alive.tokens, restaurant_id, alive.accept_timeout) if restaurant_id else alive,
            evidence,
            steps,
            progress,
        )
        evidence.complete = True
    except BaseException as error:
        evidence.ended_by = plainly(str(error) or type(error).__name__)
        raise
    finally:
        with to_the_end():  # a second Ctrl-C would leave the rest in an account
            _destroy(target, evidence, progress)
            _compare(evidence)


def _live(alive: Alive, evidence: Evidence, steps: Sequence[Lived], progress: Progress) -> None:
    ways = facts_of("orders").ways
    for lived in steps:
        progress.step((lived.__doc__ or lived.__name__).splitlines()[0])
        try:
            lived(alive, evidence)
        except TakeawayError as error:  # one thing that does not come is no reason to look at no other
            evidence.steps[-1].wrong.append(plainly(str(error)))
        step = evidence.steps[-1]
        step.wrong += [what for order in step.orders for what in promises(order, ways)]
        progress.done(f"{step.name}{': ' + '; '.join(step.wrong) if step.wrong else ''} ({step.seconds} s)")


def _destroy(target: Target, evidence: Evidence, progress: Progress) -> None:
    with evidence.step("it is destroyed") as step:
        try:
            evidence.left = [plainly(what) for what in stage.take_away(target, progress)]
        except Exception as error:  # noqa: BLE001 - what was seen has to be written all the same
            evidence.left = [plainly(f"stage {target.stage}: {error}")]
        step.wrong += evidence.left
    evidence.complete &= not evidence.left
    if evidence.left and not evidence.ended_by:
        evidence.ended_by = "not all of it could be destroyed"


def _compare(evidence: Evidence) -> None:
    with suppress(TakeawayError):
        reference = latest()
        if reference and evidence.engine != EMBEDDED:
            evidence.compared_with, evidence.differs = reference.name, differences(evidence, reference)
