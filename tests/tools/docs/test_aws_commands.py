"""Commands of the AWS CLI on the pages use services, operations and options of AWS's own models."""

import re
import shlex
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from botocore import xform_name
from botocore.loaders import Loader
from botocore.model import OperationModel, ServiceModel

from takeaway.paths import REPOSITORY

PAGES = [
    REPOSITORY / "README.md",
    *REPOSITORY.glob("docs/**/*.md"),
    *REPOSITORY.glob("contexts/*/README.md"),
    *REPOSITORY.glob("takeaway/check/new_context/template/docs/**/*.jinja"),
]
FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
IN_A_BLOCK = re.compile(r"(?:^|\$\()(aws [^\n)]+)", re.MULTILINE)
IN_A_SENTENCE = re.compile(r"`(aws [^`]+)`")
EVERYWHERE = {"query", "output", "region", "profile", "no-paginate", "cli-binary-format"}
OF_THE_CLI = {  # commands of the CLI itself -> the options that we use, and the required ones
    "s3 presign": set(),
    "cloudformation deploy": {"stack-name", "template-file", "capabilities", "parameter-overrides"},
}

RENAMED = {"sns subscribe": {"endpoint": "notification-endpoint"}}  # options that the CLI renames


@cache
def service(name: str) -> ServiceModel:
    """Return the model of a service. Raises UnknownServiceError."""
    return ServiceModel(Loader().load_service_model(name, "service-2"), name)


def commands(page: str) -> Iterator[list[str]]:
    in_blocks = IN_A_BLOCK.findall("\n".join(FENCED.findall(page)))
    for call in (*in_blocks, *IN_A_SENTENCE.findall(FENCED.sub("", page))):
        words = shlex.split(call, comments=True)
        if words[1] != "…":
            yield words


def problems(words: list[str]) -> Iterator[str]:
    _, name, operation, *rest = words
    options = {word[2:].partition("=")[0] for word in rest if word.startswith("--")} - EVERYWHERE
    called = f"{name} {operation}"
    if called in OF_THE_CLI:
        known = OF_THE_CLI[called]
        yield from (f"{called} --{option}" for option in options - known)
        return
    found = operation_of(name, operation)
    if found is None:
        yield called
        return
    shape = found.input_shape
    members = {xform_name(member, "-"): kind for member, kind in shape.members.items()} if shape else {}
    for member, by_the_cli in RENAMED.get(called, {}).items():
        members[by_the_cli] = members.pop(member)
    negated = {f"no-{member}" for member, kind in members.items() if kind.type_name == "boolean"}
    yield from (f"{called} --{option}" for option in sorted(options - members.keys() - negated))
    needed = {xform_name(member, "-") for member in (shape.required_members if shape else [])}
    yield from (f"{called} without --{option}" for option in sorted(needed - {o.removeprefix("no-") for o in options}))


def operation_of(name: str, operation: str) -> OperationModel | None:
    model = service(name)
    named = {xform_name(each, "-"): each for each in model.operation_names}
    return model.operation_model(named[operation]) if operation in named else None


ALL = [(page, words) for page in PAGES for words in commands(page.read_text(encoding="utf-8"))]


def test_there_are_commands_on_the_pages_that_should_have_some() -> None:
    having = {page.relative_to(REPOSITORY).as_posix() for page, _ in ALL}
    assert having >= {"docs/deploying.md", "docs/pipelines.md", "docs/runbooks/orders.md", "docs/runbooks/analytics.md"}
    assert len(ALL) > len(having)


@pytest.mark.parametrize(("page", "words"), ALL, ids=lambda each: each.stem if isinstance(each, Path) else each[2])
def test_a_command_of_the_aws_cli_is_one(page: Path, words: list[str]) -> None:
    assert list(problems(words)) == []


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("aws sqs get-queue-uri --queue-name x", ["sqs get-queue-uri"]),
        ("aws sqs get-queue-url --queue x", ["sqs get-queue-url --queue", "sqs get-queue-url without --queue-name"]),
        ("aws cloudformation deploy --stack x", ["cloudformation deploy --stack"]),
    ],
)
def test_a_command_that_there_is_not_would_be_noticed(typed: str, problem: list[str]) -> None:
    [words] = commands(f"```\n{typed}\n```\n")
    assert list(problems(words)) == problem
