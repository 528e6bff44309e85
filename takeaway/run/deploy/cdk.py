"""The plain CDK CLI, and the app's own synthesis, which it need not wait for."""

import json
import os
from collections.abc import Callable, Mapping, Sequence
from itertools import count
from pathlib import Path
from types import MappingProxyType
from typing import Any

from shared import how_far
from shared.refusals import REFUSED
from takeaway.errors import SynthesisRefused, ToolFailed
from takeaway.paths import CDK
from takeaway.run.client.target import ENDPOINT
from takeaway.run.deploy import kept
from takeaway.run.deploy.apps import CdkApp, everything, fingerprint
from takeaway.run.deploy.assembly import Assembly
from takeaway.run.deploy.tools import at_once, full_environment, local_environment, run
from takeaway.run.engine.environment import ACCOUNT

# No calls home: neither notices nor usage figures, and no search for a cloud machine's credentials.
QUIET = {
    "CDK_DISABLE_CLI_TELEMETRY": "true",
    "AWS_EC2_METADATA_DISABLED": "true",
    "JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION": "1",
    "NO_COLOR": "1",
}
# What the CLI tells every app: a template is the same to the byte, whoever has it made.
AS_THE_CLI = {
    "aws:cdk:enable-path-metadata": True,
    "aws:cdk:enable-asset-metadata": True,
    "aws:cdk:disable-version-reporting": True,
}
# Its validator takes longer to start than all else of a synthesis, so one for an engine does without: `make check`, and
# the CLI for AWS, hold the templates against CloudFormation's schemas.
VALIDATION = "CDK_VALIDATION"
CALM = ("--no-notices", "--no-color", "--no-version-reporting")
STACKS_AT_ONCE = 4
ISSUER = "${ISSUER}"
LONGEST = 900.0  # seconds that a synthesis may take; it needs under ten, minutes with empty caches on a busy machine
HOME = "cdk-home"  # of the CLI, where it talks to an engine on this machine
NO_CHANGES = "(no changes)"
NO_TAGS: Mapping[str, str] = MappingProxyType({})
TOOLKIT = "CDKToolkit"  # the stack that `cdk bootstrap` makes


def synthesize(
    context: Mapping[str, str], assembly: Path, *, log: Path, app: CdkApp | None = None, validated: bool = False
) -> None:
    """Run an app (of everything, if none is named) as the CLI would, into a new folder, or take what it made before.

    `validated` has the CDK hold the templates against CloudFormation's schemas as well, as it does for AWS.
    Builds no bundle. Raises SynthesisRefused, in the app's own words, where it refuses on purpose.
    """
    app = app or everything()
    given = {**AS_THE_CLI, **context}
    kind, values = _but_for_the_engine(given)
    kind |= {VALIDATION: validated}
    key = fingerprint(kind, app)
    if kept.take(key, assembly, repository=app.repository, values=values):
        return
    environment = {
        **QUIET,
        how_far.ASKED: "yes",
        VALIDATION: str(validated).lower(),
        "CDK_OUTDIR": str(assembly),
        "CDK_CONTEXT_JSON": json.dumps(given),
    }

    try:
        run(
            app.command,
            environment=full_environment(environment),
            log=log,
            folder=app.folder,
            limit=LONGEST,
            on_line=how_far.heard,
            what="synthesizing: reading the code",
        )
    except ToolFailed as failed:
        if failed.status != REFUSED:
            raise
        raise SynthesisRefused("\n".join(line for line in failed.said if not how_far.heard(line))) from None
    if fingerprint(kind, app) == key:  # else somebody has edited a source meanwhile
        kept.keep(key, assembly, repository=app.repository, values=values)


def _but_for_the_engine(given: Mapping[str, Any]) -> tuple[dict[str, Any], Mapping[str, str]]:
    """The context with a placeholder for where its engine is, and what that stands for: each start has another port.

    Only an engine's issuer is asked by plain HTTP. On AWS a template is stored by a hash of all that it says.
    """
    issuer = str(given.get("oidcIssuer", ""))
    if not issuer.startswith("http://"):
        return {**given}, {}
    return {**given, "oidcIssuer": ISSUER}, {ISSUER: issuer}


def build(assembly: Assembly, *, log: Path) -> None:
    """What the CLI would do, but with the whole environment: dependencies may have to be fetched through a proxy."""

    def build_one(numbered: tuple[Sequence[str], int]) -> None:
        command, number = numbered
        log_of_it = log.with_stem(f"{log.stem}-{number}")
        run(command, environment=full_environment({}), log=log_of_it, what="installing the packages of functions")

    at_once(build_one, zip(assembly.builders(), count(1), strict=False), os.cpu_count())


def bootstrap(environment: Mapping[str, str], *, log: Path) -> None:
    """Make the CDK's own stack (its buckets and roles) if it is not there."""
    region = environment["AWS_REGION"]
    command = [str(CDK), "bootstrap", f"aws://{ACCOUNT}/{region}", *CALM]
    # In a folder without a cdk.json: it would synthesize the app first, into a folder that another run may be using.
    what = "making the buckets and roles that the CDK deploys with"
    run(command, environment=_environment(environment, log), log=log, folder=log.parent, what=what)


def deploy(
    assembly: Path,
    environment: Mapping[str, str],
    *,
    log: Path,
    tags: Mapping[str, str] = NO_TAGS,
    on_stack: Callable[[str, bool], None] | None = None,
) -> None:
    """Deploy every stack of an assembly; `on_stack` is told each that is done, and whether it changed."""

    there, stacks = list[str](), len([*assembly.glob("*.template.json")])

    def watch(line: str) -> str | None:
        mark, _, name = line.strip().partition("  ")
        if mark != "✅":
            return None
        there.append(name)
        if on_stack:
            on_stack(name.removesuffix(NO_CHANGES).strip(), not name.endswith(NO_CHANGES))
        return f"deploying the stacks: {len(there)} of {stacks} are there"

    command = [str(CDK), "deploy", "--all", "--app", str(assembly), *CALM]
    command += ["--require-approval", "never", "--method", "direct", "--concurrency", str(STACKS_AT_ONCE)]
    command += [word for name, value in tags.items() for word in ("--tags", f"{name}={value}")]
    run(command, environment=_environment(environment, log), log=log, on_line=watch, what="deploying the stacks")


def _environment(environment: Mapping[str, str], log: Path) -> dict[str, str]:
    """With a HOME of the CLI's own, so that no ~/.cdk.json or ~/.aws decides what happens to an engine here.

    On AWS it is the person's, with all that says who they are there.
    """
    if ENDPOINT not in environment:
        return full_environment({**QUIET, "AWS_EC2_METADATA_DISABLED": "false", **environment})
    home = log.parent / HOME
    home.mkdir(parents=True, exist_ok=True)
    return local_environment({**QUIET, **environment, "HOME": str(home)})
