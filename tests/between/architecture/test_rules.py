"""The architecture keeps its rules; and each rule says what it saw, why it is there and what to do instead."""

from pathlib import Path

import pytest

from takeaway.check.fitness.code import Code
from takeaway.check.fitness.evidence import Evidence
from takeaway.check.fitness.rule import ARTICLE, CHECKS, Rule
from takeaway.check.fitness.rules import all_rules
from takeaway.check.fitness.texts import EXEMPTIONS
from takeaway.paths import REPOSITORY
from tests.between.architecture.planting import Spoilt, broken
from tests.between.architecture.reading import as_read
from tests.between.architecture.test_imports import CIRCLES
from tests.between.architecture.test_imports import PLANTED as IMPORTS
from tests.between.architecture.test_planted import DEPLOYED, IN_CODE

RULES = all_rules()


def named(rule: Rule) -> str:
    return rule.id


@pytest.mark.parametrize("rule", RULES, ids=named)
def test_the_rule_is_kept(evidence: Evidence, rule: Rule) -> None:
    result = rule.examine(evidence)
    assert result.kept, as_read(result)
    assert result.evidence


@pytest.mark.parametrize("rule", RULES, ids=named)
def test_a_rule_says_why_it_is_there_what_to_do_instead_and_where_to_read_on(rule: Rule) -> None:
    assert all([rule.title, rule.why, rule.remedy, rule.looks_at])
    assert rule.links[0] == ARTICLE
    assert all((REPOSITORY / page).is_file() for page in rule.links[1:])


def test_every_rule_has_a_planted_violation() -> None:
    planted = {each.rule for each in (*DEPLOYED, *IN_CODE)} | {contract for contract, _, _ in IMPORTS}
    planted |= {"no-circles" for _ in CIRCLES}
    assert planted == {rule.id for rule in RULES}


def test_every_check_is_told_of_and_no_two_rules_share_an_id() -> None:
    ids = [rule.id for rule in RULES]
    assert len(ids) == len(set(ids))
    assert set(CHECKS) <= set(ids)


def test_alarms_may_be_sent_to_people_who_read_no_queue(evidence: Evidence) -> None:
    spoilt = Spoilt(evidence)
    spoilt.add("orders", "AWS::SNS::Subscription", Protocol="email", Endpoint="orders@example.com")
    assert broken(spoilt.evidence()) == {}


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.id in CHECKS], ids=named)
def test_a_rule_that_finds_nothing_to_look_at_is_not_kept_and_says_so(tmp_path: Path, rule: Rule) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.importlinter]\ncontracts = []\n", encoding="utf-8")
    result = rule.examine(Evidence(Code(tmp_path), dict))
    assert not result.kept
    assert rule.looks_at in as_read(result)


@pytest.mark.parametrize("number", range(len(EXEMPTIONS)))
def test_an_exemption_is_needed_and_shown(evidence: Evidence, number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    exemption = EXEMPTIONS[number]
    rule = next(rule for rule in RULES if rule.id == exemption.rule)
    assert exemption.told in rule.examine(evidence).evidence
    assert not exemption.adr or (REPOSITORY / f"docs/adr/{exemption.adr}.md").is_file()
    others = tuple(each for each in EXEMPTIONS if each is not exemption)
    monkeypatch.setattr("takeaway.check.fitness.texts.EXEMPTIONS", others)
    assert set(broken(evidence)) == {exemption.rule}
