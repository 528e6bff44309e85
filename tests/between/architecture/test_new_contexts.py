"""The rules hold for a context that is added later, without a changed line here or in the rules."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from takeaway.check.fitness.code import Code
from takeaway.check.fitness.evidence import Evidence
from tests.between.architecture.planting import (
    BUS,
    FUNCTION,
    PUT_EVENTS,
    QUEUE,
    RULE,
    THIS_BUS,
    Spoilt,
    Tree,
    broken,
    permit,
)

NEW = "loyalty"
TABLE = "AWS::DynamoDB::Table"
COPIED = (
    "consumed_events.py", "handlers/issue_voucher.py", "domain/voucher.py", "domain/money.py", "domain/reward.py",
    "domain/policy.py",
    "application/ports.py",
)  # fmt: skip


@pytest.fixture
def with_a_new_context(evidence: Evidence, tree: Tree) -> Callable[[Spoilt], Evidence]:
    """Add the stack and some files of promotions once more, under the name of a new context."""
    for name in ("__init__.py", *COPIED):
        source = (tree.root / "contexts/promotions" / name).read_text(encoding="utf-8")
        tree.write(f"contexts/{NEW}/{name}", source.replace("promotions", NEW))
    tree.edit("pyproject.toml", '"contexts.promotions"]', f'"contexts.promotions", "contexts.{NEW}"]')
    code = Code(tree.root)
    return lambda spoilt: Evidence(code, spoilt.evidence().load)


def renamed(spoilt: Spoilt) -> Spoilt:
    text = json.dumps(spoilt.templates["promotions"]).replace("promotions", NEW)
    for table in spoilt.of("promotions", TABLE).values():
        text = text.replace(table["TableName"], f"{table['TableName']}-of-{NEW}")
    spoilt.templates[NEW] = json.loads(text)
    return spoilt


def test_a_sound_one_breaks_no_rule_and_is_looked_at(
    evidence: Evidence, with_a_new_context: Callable[[Spoilt], Evidence]
) -> None:
    grown = with_a_new_context(renamed(Spoilt(evidence)))
    assert NEW in grown.contexts
    assert broken(grown) == {}


@pytest.mark.parametrize(
    ("rule", "spoil"),
    [
        ("no-foreign-permissions", permit(NEW, "dynamodb:GetItem", f"arn:aws:dynamodb:::table/{BUS}-orders")),
        ("no-foreign-permissions", permit("promotions", "dynamodb:GetItem", f"arn:aws:dynamodb:::table/*-of-{NEW}")),
        ("own-source", permit(NEW, PUT_EVENTS, THIS_BUS)),
        ("dead-letters", lambda s: [queue.pop("RedrivePolicy", None) for queue in s.of(NEW, QUEUE).values()]),
        ("something-published", lambda s: s.remove(NEW, RULE)),
        ("no-foreign-names", lambda s: s.first(NEW, FUNCTION)["Environment"]["Variables"].update(X=f"{BUS}-vouchers")),
        ("one-stack-each", lambda s: s.templates.pop(NEW)),
    ],
)
def test_what_it_breaks_is_caught(
    evidence: Evidence,
    with_a_new_context: Callable[[Spoilt], Evidence],
    rule: str,
    spoil: Callable[[Spoilt], object],
) -> None:
    spoilt = renamed(Spoilt(evidence))
    spoil(spoilt)
    assert set(broken(with_a_new_context(spoilt))) == {rule}


def test_what_it_does_in_its_code_is_caught(
    evidence: Evidence, tree: Tree, with_a_new_context: Callable[[Spoilt], Evidence]
) -> None:
    tree.append(f"contexts/{NEW}/domain/voucher.py", "import httpx\nfrom uuid import uuid4")
    tree.append(f"contexts/{NEW}/handlers/issue_voucher.py", "import os\nX = os.environ['X']\n" + "y = 1\n" * 30)
    found = broken(with_a_new_context(renamed(Spoilt(evidence))))
    assert set(found) == {"no-calls", "nothing-from-surroundings", "nothing-at-import", "thin-handlers"}


def test_one_that_publishes_under_a_source_of_its_own_may(
    evidence: Evidence, tree: Tree, with_a_new_context: Callable[[Spoilt], Evidence]
) -> None:
    tree.write(f"contexts/{NEW}/published_events.py", f'SOURCE = "takeaway.{NEW}"\n')
    own = {"StringEquals": {"events:source": f"takeaway.{NEW}"}}
    spoilt = renamed(Spoilt(evidence))
    permit(NEW, PUT_EVENTS, f"arn:aws:events:eu-west-1:1:event-bus/{BUS}", own)(spoilt)
    assert broken(with_a_new_context(spoilt)) == {}


def test_what_it_publishes_may_be_listened_to_as_soon_as_there_is_a_schema(
    evidence: Evidence, tree: Tree, with_a_new_context: Callable[[Spoilt], Evidence]
) -> None:
    spoilt = renamed(Spoilt(evidence))
    for rule in spoilt.of(NEW, RULE).values():
        rule["EventPattern"] |= {"source": ["takeaway.kitchen"], "detail-type": ["dish_cooked"]}
    assert "something-published" in broken(with_a_new_context(spoilt))
    tree.write("shared/schemas/takeaway.kitchen/dish_cooked.v1.schema.json", '{"type": "object"}')
    assert "something-published" not in broken(with_a_new_context(spoilt))


def test_a_context_is_a_package_in_its_folder(tmp_path: Path) -> None:
    for name in ("b", "a"):
        (tmp_path / "contexts" / name).mkdir(parents=True)
        (tmp_path / "contexts" / name / "__init__.py").touch()
    (tmp_path / "contexts/__pycache__").mkdir()
    assert Code(tmp_path).contexts == ("a", "b")


def test_a_context_that_is_called_like_a_folder_that_is_not_deployed_is_looked_at(tmp_path: Path) -> None:
    for name in ("contexts/generator/domain", "contexts/generator/infrastructure"):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "rule.py").touch()
    assert Code(tmp_path).runtime.keys() == {"contexts.generator.domain.rule"}
