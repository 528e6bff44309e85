"""The import rules of pyproject.toml hold, and each of them catches what it is there for.

A rule that can't fail protects nothing: every one gets a violation planted into a copy of the code.
"""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
LINT = Path(sys.executable).with_name("lint-imports")
CODE = ("contexts", "examples", "shared", "takeaway")

# id of the contract, module that gets a line (or is made), the line
PLANTED = [
    ("contexts-are-independent", "contexts/promotions/domain/voucher.py", "import contexts.orders.domain.money"),
    ("contexts-are-independent", "contexts/analytics/ingest.py", "from contexts.orders import published_events"),
    ("contexts-are-independent", "contexts/orders/bootstrap.py", "import contexts.promotions.settings"),
    ("contexts-are-independent", "contexts/orders/infrastructure/stack.py", "import contexts.analytics.infrastructure"),
    ("layers", "contexts/orders/domain/order.py", "import contexts.orders.adapters.clients"),
    ("layers", "contexts/orders/domain/order.py", "import contexts.orders.published_events"),
    ("layers", "contexts/orders/application/use_cases.py", "import contexts.orders.adapters.clients"),
    ("layers", "contexts/orders/application/use_cases.py", "import contexts.orders.settings"),
    ("layers", "contexts/orders/adapters/clients.py", "import contexts.orders.bootstrap"),
    ("layers", "contexts/promotions/application/ports.py", "import contexts.promotions.bootstrap"),
    ("layers", "contexts/promotions/helpers.py", "# a module that is in no layer"),
    ("analytics-layers", "contexts/analytics/lake.py", "import contexts.analytics.ingest"),
    ("analytics-layers", "contexts/analytics/report/figures.py", "import contexts.analytics.handlers.ingest_events"),
    ("analytics-layers", "contexts/analytics/utils.py", "# a module that is in no layer"),
    ("pure-domain", "contexts/orders/domain/money.py", "import os"),
    ("pure-domain", "contexts/orders/domain/money.py", "import time"),
    ("pure-domain", "contexts/orders/domain/money.py", "import random"),
    ("pure-domain", "contexts/orders/domain/money.py", "import boto3"),
    ("pure-domain", "contexts/promotions/domain/policy.py", "import pydantic"),
    ("pure-domain", "contexts/promotions/domain/policy.py", "from urllib import request"),
    ("aws-in-adapters", "contexts/orders/handlers/place_order.py", "import boto3"),
    ("aws-in-adapters", "contexts/orders/application/ports.py", "import botocore.exceptions"),
    ("aws-in-adapters", "contexts/promotions/bootstrap.py", "import boto3"),
    ("aws-in-adapters", "contexts/analytics/ingest.py", "import boto3"),
    ("application-without-frameworks", "contexts/orders/application/commands.py", "import pydantic"),
    ("application-without-frameworks", "contexts/promotions/application/ports.py", "import aws_lambda_powertools"),
    ("runtime-without-templates", "contexts/orders/settings.py", "import shared.infrastructure.deployment"),
    ("runtime-without-templates", "contexts/orders/handlers/api.py", "import contexts.orders.infrastructure.stack"),
    ("runtime-without-templates", "contexts/analytics/settings.py", "import aws_cdk"),
    ("schemas-are-files", "contexts/promotions/consumed_events.py", "import shared.schemas"),
    ("nobody-knows-the-command-line", "contexts/orders/handlers/api.py", "import takeaway"),
    ("nobody-knows-the-command-line", "shared/infrastructure/bundle.py", "import takeaway.paths"),
    ("command-line-stays-outside", "takeaway/paths.py", "import contexts.orders.settings"),
    ("command-line-stays-outside", "takeaway/paths.py", "import contexts.analytics.lake"),
    ("console-is-a-neighbour", "takeaway/console/journal.py", "import takeaway.paths"),
    ("console-is-a-neighbour", "takeaway/console/journal.py", "import contexts.orders.published_events"),
    ("examples-rewire-orders", "examples/orchestrated_everything/task.py", "import contexts.promotions.settings"),
    ("examples-rewire-orders", "examples/systems.py", "import takeaway.wiring"),
    ("examples-are-independent", "examples/choreographed_orders/call.py", "import examples.orchestrated_everything"),
    ("nobody-builds-on-examples", "contexts/orders/bootstrap.py", "import examples.choreographed_orders"),
    ("nobody-builds-on-examples", "takeaway/paths.py", "import examples.systems"),
    ("aws-in-adapters", "examples/choreographed_orders/bootstrap.py", "import boto3"),
    ("runtime-without-templates", "examples/choreographed_orders/call.py", "import shared.infrastructure.deployment"),
]  # fmt: skip


def lint(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [LINT, "--no-cache", "--no-logo", *arguments], cwd=folder, capture_output=True, text=True, check=False
    )


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The code of this repository, to be spoilt."""
    for package in CODE:
        shutil.copytree(REPOSITORY / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(REPOSITORY / "pyproject.toml", tmp_path)
    return tmp_path


def test_every_import_rule_holds() -> None:
    result = lint(REPOSITORY)
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize(("contract", "module", "line"), PLANTED)
def test_a_planted_violation_is_caught(copy: Path, contract: str, module: str, line: str) -> None:
    path = copy / module
    spoilt = (path.read_text(encoding="utf-8") if path.exists() else "") + f"\n{line}\n"
    path.write_text(spoilt, encoding="utf-8")
    result = lint(copy, "--contract", contract)
    assert result.returncode == 1, f"{contract} did not notice `{line}` in {module}"
    assert "0 kept, 1 broken" in result.stdout, result.stdout
    dotted = module.removesuffix(".py").replace("/", ".")
    told = result.stdout.replace("\n", " ")
    assert dotted in told or Path(module).stem in told


def test_every_import_rule_has_a_planted_violation() -> None:
    settings = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = [contract["id"] for contract in settings["tool"]["importlinter"]["contracts"]]
    assert sorted(contracts) == sorted({contract for contract, _, _ in PLANTED})


def test_the_copy_itself_breaks_no_rule(copy: Path) -> None:
    assert lint(copy).returncode == 0
