"""Run the plain CDK CLI to bootstrap and deploy, and the app itself to synthesize, which is faster without the CLI."""

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

# Keeps the CLI from calling home (telemetry), and from looking for credentials of a cloud machine.
QUIET = {
    "CDK_DISABLE_CLI_TELEMETRY": "true",
    "AWS_EC2_METADATA_DISABLED": "true",
    "JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION": "1",
    "NO_COLOR": "1",
}
# The context that the CLI gives to every app, so that templates are the same to the byte as the CLI's.
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
LONGEST = 900.0  # seconds; a synthesis takes under ten, and minutes with empty caches on a busy machine
HOME = "cdk-home"  # the CLI's HOME when it talks to an engine on this machine
NO_CHANGES = "(no changes)"
NO_TAGS: Mapping[str, str] = MappingProxyType({})
TOOLKIT = "CDKToolkit"  # the stack that `cdk bootstrap` makes


def synthesize(
    context: Mapping[str, str], assembly: Path, *, log: Path, app: CdkApp | None = None, validated: bool = False
) -> None:
    """Run an app (everything's, if none is named) as the CLI would, into a new folder, or copy a kept assembly.

    `validated` has the CDK hold the templates against CloudFormation's schemas as well, as it does for AWS.
    Builds no bundle. Raises SynthesisRefused with the app's own message when it refuses its parameters.
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
    if fingerprint(kind, app) == key:  # a source that was edited meanwhile would be kept under the wrong key
        kept.keep(key, assembly, repository=app.repository, values=values)


def _but_for_the_engine(given: Mapping[str, Any]) -> tuple[dict[str, Any], Mapping[str, str]]:
    """Return the CDK context with a placeholder for the engine's URL, and the placeholder's value.

    Without it an assembly could not be used again, because each engine has another port. Only an engine's issuer has
    an http URL; for AWS the context stays as it is, because template files are named by a hash of their content.
    """
    issuer = str(given.get("oidcIssuer", ""))
    if not issuer.startswith("http://"):
        return {**given}, {}
    return {**given, "oidcIssuer": ISSUER}, {ISSUER: issuer}


def build(assembly: Assembly, *, log: Path) -> None:
    """Build bundles and layers in the user's whole environment, because packages may come through a proxy."""

    def build_one(numbered: tuple[Sequence[str], int]) -> None:
        command, number = numbered
        log_of_it = log.with_stem(f"{log.stem}-{number}")
        run(command, environment=full_environment({}), log=log_of_it, what="installing the packages of functions")

    at_once(build_one, zip(assembly.builders(), count(1), strict=False), os.cpu_count())


def bootstrap(environment: Mapping[str, str], *, log: Path) -> None:
    """Deploy the CDK's own stack of buckets and roles, if it is missing."""
    region = environment["AWS_REGION"]
    command = [str(CDK), "bootstrap", f"aws://{ACCOUNT}/{region}", *CALM]
    # In a folder without a cdk.json: with one, the CLI would synthesize into a folder that another run may be using.
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
    """Deploy every stack of an assembly; `on_stack` hears the name of each, and whether it changed."""
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
    """Make the CLI's environment, for an engine with a HOME of its own, so that ~/.cdk.json and ~/.aws have no effect.

    For AWS it is the user's own environment, because their settings say who they are there.
    """
    if ENDPOINT not in environment:
        return full_environment({**QUIET, "AWS_EC2_METADATA_DISABLED": "false", **environment})
    home = log.parent / HOME
    home.mkdir(parents=True, exist_ok=True)
    return local_environment({**QUIET, **environment, "HOME": str(home)})
