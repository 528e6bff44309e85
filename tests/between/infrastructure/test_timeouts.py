"""A call of AWS that gets no answer fails before its function times out, so that the function can report it."""

import ast
from collections.abc import Iterator
from importlib import import_module

import pytest
from botocore.config import Config

from contexts.orders.adapters import issuer_keys
from shared.deployables import folders
from takeaway.paths import REPOSITORY
from tests.between.infrastructure.conftest import Resources

CONTEXTS = sorted(name for name in folders(REPOSITORY) if (REPOSITORY / "contexts" / name).is_dir())
# the issuer's configuration, then its keys: before any call of AWS
DOCUMENTS_OF_ISSUER = 2
GATEWAY_SECONDS = 29  # API Gateway's own limit for an integration


def modules_with_clients(context: str) -> Iterator[str]:
    for file in sorted((REPOSITORY / "contexts" / context).rglob("*.py")):
        if "boto3.client(" in file.read_text(encoding="utf-8"):
            yield ".".join(file.relative_to(REPOSITORY).with_suffix("").parts)


def configs(context: str) -> list[Config]:
    modules = [import_module(name) for name in modules_with_clients(context)]
    return [each for module in modules for each in vars(module).values() if isinstance(each, Config)]


def longest(config: Config) -> float:
    """Return the seconds until a call has failed for good: every attempt at its timeout, with the longest pauses."""
    tries = config.retries["total_max_attempts"]  # type: ignore[attr-defined]
    pauses = sum(min(2**number, 20) for number in range(tries - 1))
    return float(tries * (config.connect_timeout + config.read_timeout) + pauses)  # type: ignore[attr-defined]


@pytest.mark.parametrize("context", CONTEXTS)
def test_a_call_at_its_worst_fits_into_each_function_of_its_context(context: str, stacks: dict[str, Resources]) -> None:
    functions = [each["Properties"] for each in stacks[context].values() if each["Type"] == "AWS::Lambda::Function"]
    worst = max((longest(config) for config in configs(context)), default=0)
    assert functions
    assert worst
    for function in functions:
        if not function.get("FunctionName"):
            continue  # the CDK's own, of a custom resource
        before = 0
        if "OIDC_ISSUER" in function["Environment"]["Variables"]:
            before = DOCUMENTS_OF_ISSUER * issuer_keys.TIMEOUT_SECONDS
            assert function["Timeout"] < GATEWAY_SECONDS
        assert before + worst < function["Timeout"], function["FunctionName"]


@pytest.mark.parametrize("context", CONTEXTS)
def test_no_client_is_made_without_timeouts(context: str) -> None:
    for module in modules_with_clients(context):
        file = REPOSITORY / f"{module.replace('.', '/')}.py"
        for call in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and ast.unparse(call.func) == "boto3.client":
                assert "config" in {keyword.arg for keyword in call.keywords}, f"{file}:{call.lineno}"
