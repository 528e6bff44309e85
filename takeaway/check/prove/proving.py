"""Run a proof: deploy a stage, run the steps, and destroy the stage however that ends."""

from collections.abc import Callable, Mapping
from contextlib import suppress

from takeaway.check.prove import stage
from takeaway.check.prove.differences import differences
from takeaway.check.prove.permitted import Given
from takeaway.check.prove.plainly import plainly
from takeaway.check.prove.record import EMBEDDED, Evidence, Step, latest
from takeaway.check.prove.steps import STEPS, Alive, promises
from takeaway.errors import TakeawayError
from takeaway.interrupts import to_the_end
from takeaway.run.cli.command_classes import failure_of
from takeaway.run.client.people import RESTAURANT
from takeaway.run.client.system import System
from takeaway.run.client.target import Target
from takeaway.run.deploy.deployment import Progress
from takeaway.run.deploy.parameters import Parameters

Lived = Callable[[Alive, Step], None]


def prove(
    target: Target,
    parameters: Parameters,
    evidence: Evidence,
    progress: Progress,
    *,
    given: Given | None = None,
    steps: Mapping[str, Lived] = STEPS,
) -> None:
    """Run the proof, and write into `evidence`, also when it raises. Destroys the stage in any case."""
    try:
        with evidence.step("a stage of its own is deployed") as step:
            issuer = given.issuer if given else ""
            step.ids["stacks"] = ", ".join(stage.bring(target, parameters, progress, issuer=issuer))
        system = System(target)
        restaurant_id = given.restaurant_id if given else RESTAURANT
        alive = Alive(system, given or system.tokens, parameters.accept_timeout, evidence.began_at, restaurant_id)
        for name, lived in steps.items():
            progress.step(name)
            with evidence.step(name) as step:
                _live(alive, lived, step)
            progress.done(f"{name}{': ' + '; '.join(step.wrong) if step.wrong else ''} ({step.seconds} s)")
        evidence.complete = True
    except BaseException as error:
        interrupted = isinstance(error, (KeyboardInterrupt, SystemExit))
        evidence.ended_by = "interrupted" if interrupted else plainly(str(error) or type(error).__name__)
        raise
    finally:
        with to_the_end():  # a second Ctrl-C would leave resources, and their costs, in an account
            _destroy(target, evidence, progress)
            _compare(evidence)


def _live(alive: Alive, lived: Lived, step: Step) -> None:
    try:
        lived(alive, step)
    except Exception as error:
        if failure_of(error) is None:  # a bug of this program
            raise
        step.wrong.append(plainly(str(error)))  # recorded, so that the next steps still run
    step.wrong += [what for order in step.orders for what in promises(order)]


def _destroy(target: Target, evidence: Evidence, progress: Progress) -> None:
    with evidence.step("it is destroyed") as step:
        try:
            evidence.left = [plainly(what) for what in stage.take_away(target, progress)]
        except Exception as error:  # noqa: BLE001 - the evidence has to be written all the same
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
