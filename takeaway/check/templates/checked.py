"""Lint the templates of every wiring and stage, and those of docs/aws, with cfn-lint.

The CDK's own validation looks at those of the stacks as well, because syntheses for an engine leave it out. What it
warns of is a finding, because whoever runs `cdk deploy` would read it each time.

linted.py checks workflows against the Amazon States Language. cdk-nag checks security at every synthesis
(shared/infrastructure/security_checks.py).
"""

import hashlib
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from pathlib import Path

from cfnlint.api import lint  # type: ignore[import-untyped]
from cfnlint.config import ManualArgs  # type: ignore[import-untyped]

from takeaway.check.templates import linted
from takeaway.check.templates.assembly import context_of, read, read_json
from takeaway.paths import REPOSITORY
from takeaway.run.cli.command_classes import as_program
from takeaway.run.deploy import cdk, kept
from takeaway.waiting import waiting_for
from takeaway.wiring import Wiring

# W3005 reports a dependency that the CDK adds needlessly to every function.
IGNORED = ["W3005"]
WRITTEN = REPOSITORY / "docs/aws"  # templates written by hand, for resources that an account needs beside the stacks
REGION = "eu-west-1"  # it has every service
REPORT = "validation-report.json"  # of the CDK, in each assembly
SOUND = kept.KEPT / ".sound"  # marks templates in which this version of cfn-lint has found nothing, by a hash
DEPLOYMENTS = (
    {**context_of("prod"), "console": "true"},
    context_of(wiring=Wiring.DURABLE),
    context_of(wiring=Wiring.CHOREOGRAPHED),
    {**context_of(wiring=Wiring.ORCHESTRATED), "apiLogs": "false"},
)


def findings() -> Iterator[str]:
    """Yield each problem that the linters find, with its place."""
    with tempfile.TemporaryDirectory(prefix="takeaway-templates-") as folder, ThreadPoolExecutor(2) as at_once:
        folders = (Path(folder) / str(number) for number in range(len(DEPLOYMENTS)))
        made = list(at_once.map(_synthesized, DEPLOYMENTS, folders))
        different = {file.read_text(): file for assembly in made for file in assembly.glob("*.template.json")}
        for template, file in different.items():
            with waiting_for(f"linting {file.name}"):
                yield from (f"{file.name.removesuffix('.template.json')}: {finding}" for finding in _findings(template))
        as_deployed = (named for assembly in made for named in linted.deployed(read(assembly)))
        yield from linted.findings([*linted.written(), *as_deployed])
        for assembly in made:
            yield from warnings(assembly)
    for file in sorted(WRITTEN.glob("*.yaml")):
        yield from (f"{file.name}: {finding}" for finding in _findings(file.read_text(encoding="utf-8")))


def _synthesized(context: dict[str, str], assembly: Path) -> Path:
    cdk.synthesize(context, assembly, log=assembly.with_suffix(".log"), validated=True)
    return assembly


def warnings(assembly: Path) -> Iterator[str]:
    """Yield what the CDK has found fault with in an assembly, each with its first construct."""
    for plugin in read_json(assembly / REPORT)["pluginReports"]:
        for violation in plugin["violations"]:
            places = violation["violatingConstructs"]
            more = f" and {len(places) - 1} more" if len(places) > 1 else ""
            yield f"{violation['ruleName']}: {violation['description']} ({places[0]['constructPath']}{more})"


def _findings(template: str) -> Iterator[str]:
    judged_by = (version("cfn-lint"), *IGNORED, REGION)
    sound = SOUND / hashlib.sha256("\0".join((*judged_by, template)).encode()).hexdigest()
    if sound.exists():
        return
    found = lint(template, config=ManualArgs(ignore_checks=IGNORED, regions=[REGION]))
    for match in found:
        where = "/".join(map(str, getattr(match, "path", None) or ()))
        yield f"{match.rule.id} {match.message} ({where})"
    if not found:
        SOUND.mkdir(parents=True, exist_ok=True)
        sound.touch()


def main() -> int:
    found = sorted(set(findings()))
    print(*found, sep="\n", end="\n" if found else "")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(as_program(main))
