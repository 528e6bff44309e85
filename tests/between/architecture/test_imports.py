"""The import rules of pyproject.toml hold, and each of them catches its violation.

A rule that can't fail protects nothing, so every one gets a violation planted into a copy of the code.
"""

import subprocess
from pathlib import Path

import pytest

from takeaway.check.fitness.code import Code
from takeaway.check.fitness.evidence import Evidence
from takeaway.check.fitness.linting import lint
from takeaway.check.fitness.rules import all_rules
from takeaway.errors import TakeawayError
from takeaway.paths import REPOSITORY, TOOLS
from tests.between.architecture.planting import Tree
from tests.between.architecture.reading import as_read

# id of the contract, module that gets a line (or is made), the line
PLANTED = [
    ("contexts-are-independent", "contexts/promotions/domain/voucher.py", "import contexts.orders.domain.money"),
    ("contexts-are-independent", "contexts/analytics/ingest.py", "from contexts.orders import published_events"),
    ("contexts-are-independent", "contexts/orders/bootstrap.py", "import contexts.promotions.settings"),
    ("contexts-are-independent", "contexts/orders/infrastructure/stack.py", "import contexts.analytics.infrastructure"),
    ("layers", "contexts/orders/domain/order.py", "import contexts.orders.adapters.clients"),
    ("layers", "contexts/orders/domain/order.py", "import contexts.orders.published_events"),
    ("layers", "contexts/orders/application/steps.py", "import contexts.orders.adapters.clients"),
    ("layers", "contexts/orders/application/steps.py", "import contexts.orders.settings"),
    ("layers", "contexts/orders/adapters/clients.py", "import contexts.orders.bootstrap"),
    ("storage-without-events", "contexts/orders/adapters/order_item.py", "import contexts.orders.published_events"),
    ("storage-without-events", "contexts/orders/application/ports.py", "import contexts.orders.published_events"),
    ("api-without-adapters", "contexts/orders/api/service.py", "import contexts.orders.adapters.oidc_identity"),
    ("api-without-adapters", "contexts/orders/api/problems.py", "from contexts.orders.adapters import issuer_keys"),
    ("api-without-adapters", "contexts/orders/api/routes.py", "import contexts.orders.bootstrap"),
    ("layers", "contexts/promotions/application/ports.py", "import contexts.promotions.bootstrap"),
    ("layers", "contexts/promotions/helpers.py", "# a module that is in no layer"),
    ("analytics-layers", "contexts/analytics/lake.py", "import contexts.analytics.ingest"),
    ("analytics-layers", "contexts/analytics/report/figures.py", "import contexts.analytics.handlers.ingest_events"),
    ("analytics-layers", "contexts/analytics/utils.py", "# a module that is in no layer"),
    ("layers", "contexts/orders/handlers/api.py", "import contexts.orders.reader"),
    ("analytics-layers", "contexts/analytics/handlers/ingest_events.py", "import contexts.analytics.reader"),
    ("console-layers", "contexts/console/journal.py", "import contexts.console.table"),
    ("console-layers", "contexts/console/utils.py", "# a module that is in no layer"),
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
    ("schemas-are-files", "contexts/promotions/consumed_events.py", "import shared.schema_tools"),
    ("nobody-knows-the-command-line", "contexts/orders/handlers/api.py", "import takeaway"),
    ("nobody-knows-the-command-line", "shared/infrastructure/bundle.py", "import takeaway.paths"),
    ("command-line-stays-outside", "takeaway/paths.py", "import contexts.orders.settings"),
    ("command-line-stays-outside", "takeaway/paths.py", "import contexts.analytics.lake"),
    ("command-line-stays-outside", "takeaway/run/cli/report.py", "import contexts.analytics.zones"),
    ("command-line-stays-outside", "takeaway/run/client/readers.py", "import contexts.promotions.reader"),
    ("nobody-knows-the-command-line", "contexts/console/journal.py", "import takeaway.paths"),
    ("contexts-are-independent", "contexts/console/journal.py", "import contexts.orders.published_events"),
    ("by-who-needs-it", "takeaway/run/deploy/up.py", "import takeaway.check.contracts.check"),
    ("by-who-needs-it", "takeaway/check/contracts/diff.py", "import takeaway.study.costs.bill"),
    ("examples-rewire-orders", "examples/orchestrated_everything/task.py", "import contexts.promotions.settings"),
    ("examples-rewire-orders", "examples/systems.py", "import takeaway.wiring"),
    ("examples-are-independent", "examples/choreographed_orders/call.py", "import examples.orchestrated_everything"),
    ("nobody-builds-on-examples", "contexts/orders/bootstrap.py", "import examples.choreographed_orders"),
    ("nobody-builds-on-examples", "takeaway/paths.py", "import examples.systems"),
    ("aws-in-adapters", "examples/choreographed_orders/bootstrap.py", "import boto3"),
    ("runtime-without-templates", "examples/choreographed_orders/call.py", "import shared.infrastructure.deployment"),
]  # fmt: skip


@pytest.mark.parametrize(("contract", "module", "line"), PLANTED)
def test_a_planted_import_is_caught_and_the_message_says_what_to_do(
    tree: Tree, contract: str, module: str, line: str
) -> None:
    tree.append(module, line)
    rule = next(rule for rule in all_rules(tree.root) if rule.id == contract)
    result = rule.examine(Evidence(Code(tree.root), dict))
    assert not result.kept, f"{contract} did not notice `{line}` in {module}"
    message = as_read(result)
    assert module.removesuffix(".py").replace("/", ".") in message
    assert rule.remedy in message


CIRCLES = [
    ("takeaway/study/costs/units.py", "import takeaway.study.docs.plans", "docs"),
    ("takeaway/check/templates/stack.py", "import takeaway.check.fitness.rule", "fitness"),
    ("shared/asl/graph.py", "import shared.asl.data", "data"),
]


@pytest.mark.parametrize(("module", "line", "back"), CIRCLES)
def test_a_planted_circle_is_caught_and_both_who_import_each_other_are_named(
    tree: Tree, module: str, line: str, back: str
) -> None:
    tree.append(module, line)
    rule = next(rule for rule in all_rules(tree.root) if rule.id == "no-circles")
    result = rule.examine(Evidence(Code(tree.root), dict))
    assert not result.kept
    message = as_read(result)
    path = Path(module).with_suffix("")
    for name in (path.parent.name if path.parent.name != "asl" else path.name, back):
        assert name in message
    assert rule.remedy in message


def test_a_contract_that_is_not_valid_is_told_in_one_sentence(tree: Tree) -> None:
    tree.edit("pyproject.toml", 'type = "independence"', 'type = "independence"\nmodule = "typo"')
    with pytest.raises(TakeawayError, match=r"import-linter can't check .*module"):
        lint(tree.root)


def test_the_command_line_of_import_linter_says_the_same_of_the_code_as_it_is() -> None:
    command = [str(TOOLS / "lint-imports"), "--no-cache", "--no-logo"]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert f"Contracts: {len(lint(REPOSITORY).contracts)} kept, 0 broken." in done.stdout
