"""The command prove: tests a deployment in an AWS account or on an engine, and writes the evidence down."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated
from uuid import uuid4

import typer

from shared.stage_names import PRODUCTION
from takeaway.check.prove import permitted, record
from takeaway.check.prove.page import page
from takeaway.check.prove.proving import prove as prove_it
from takeaway.check.prove.record import Evidence
from takeaway.check.prove.stage import refuse_one_that_is_there
from takeaway.check.prove.versions import versions
from takeaway.errors import NoRunningSystem, StoryDiffers, UsageError
from takeaway.run.cli import options
from takeaway.run.cli.output import AsJson, messages, plain, print_json, results, steps
from takeaway.run.client.target import Target
from takeaway.run.deploy.parameters import Parameters
from takeaway.run.engine.passing import engine_of_its_own

ACCEPT_SECONDS = 12  # on the embedded engine; one order waits for it in vain


def prove(
    context: typer.Context,
    *,
    yes: Annotated[bool, typer.Option("--yes", help="On AWS: deploy, which costs money, without asking.")] = False,
    issuer: Annotated[
        str | None, typer.Option(metavar="URL", help="On AWS: the issuer whose tokens the API trusts.")
    ] = None,
    audience: Annotated[str | None, typer.Option(metavar="AUD", help="On AWS: the tokens' audience.")] = None,
    into: Annotated[Path, typer.Option(metavar="FOLDER", help="The folder for the evidence.")] = record.FOLDER,
    parameter: options.ParametersOption = None,
    as_json: AsJson = False,
) -> None:
    """Deploy a stage of its own, run orders that succeed and fail, destroy the stage, and write down what was seen.

    It uses the engine or account that other commands would use, or else an engine that it starts and stops. On AWS it
    asks first, and needs TAKEAWAY_CUSTOMER_TOKEN and TAKEAWAY_RESTAURANT_TOKEN beside --issuer and --audience.
    Interrupted or failed, it destroys what it deployed, and writes what it saw, marked incomplete.

    Example: takeaway prove --into /tmp/evidence
    """
    asked, extra = options.of(context), options.named(parameter)
    if asked.stage == PRODUCTION:
        raise UsageError(
            f"Stage {PRODUCTION} must not be destroyed, as a proof does: leave --stage out (and TAKEAWAY_STAGE)."
        )
    if "stage" in extra:
        raise UsageError("--parameter: the stage is named by --stage; without it, it gets a random name.")
    record.refuse_what_can_not_be_written(into)
    with asked.turn(), _where(asked) as target:
        given = permitted.given(issuer, audience) if target.endpoint is None else None
        refuse_one_that_is_there(target)
        if given and not yes:
            permitted.ask(target)
        chosen = extra | ({"oidcAudience": given.audience} if given else {})
        parameters = Parameters(target.stage, ACCEPT_SECONDS * target.traits.patience, extra=chosen)
        engine = target.traits.kind.lower()
        evidence = Evidence(engine=engine, began_at=datetime.now(UTC), stage=target.stage, versions=versions(target))
        with _told(evidence, into, as_json=as_json), steps("deploying") as progress:
            prove_it(target, parameters, evidence, progress, given=given)
    if evidence.wrong:
        raise StoryDiffers(evidence.wrong)


@contextmanager
def _where(asked: options.Options) -> Iterator[Target]:
    """Yield a target with a new stage. Its name is random, because AWS blocks some names for a while after deletion."""
    stage = asked.stage or f"prove{uuid4().hex[:6]}"
    try:
        found = asked.target()
    except NoRunningSystem:
        with engine_of_its_own("prove", stage=stage) as (home, engine):
            yield Target(home, stage, endpoint=engine.endpoint)
    else:
        yield replace(found, stage=stage)


@contextmanager
def _told(evidence: Evidence, into: Path, *, as_json: bool) -> Iterator[None]:
    """Write and print the evidence at the end of the block, also after a failure."""
    try:
        yield
    finally:
        files = record.write(evidence, page(evidence), into)
        if as_json:
            print_json(evidence.model_dump(mode="json"))
        else:
            for what in evidence.differs:
                results.print(f"differs: {plain(what)}")
        for what in evidence.left:
            messages.print(f"[red]could not be destroyed[/]: {plain(what)}")
        for file in files:
            messages.print(f"written: {plain(file)}")
