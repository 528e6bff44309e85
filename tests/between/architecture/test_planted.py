"""Every planted violation is caught by the rule that is meant, and the finding says what to do instead."""

import pytest

from takeaway.check.fitness.evidence import Evidence
from tests.between.architecture.planted import between, code, delivery, inside, roles, workflow
from tests.between.architecture.planting import Planted, Spoilt, Tree, broken
from tests.between.architecture.reading import as_read

DEPLOYED = [*inside.PLANTED, *between.PLANTED, *roles.PLANTED, *delivery.PLANTED, *workflow.PLANTED]
IN_CODE = code.PLANTED


@pytest.mark.parametrize("planted", DEPLOYED, ids=str)
def test_a_violation_in_what_would_be_deployed_is_caught(evidence: Evidence, planted: Planted) -> None:
    spoilt = Spoilt(evidence)
    planted.spoil(spoilt)
    assert_caught(planted, spoilt.evidence())


@pytest.mark.parametrize("planted", IN_CODE, ids=str)
def test_a_violation_in_the_code_is_caught(evidence: Evidence, tree: Tree, planted: Planted) -> None:
    planted.spoil(tree)
    assert_caught(planted, tree.evidence(evidence))


def test_copies_in_which_nothing_is_planted_break_no_rule(evidence: Evidence, tree: Tree) -> None:
    assert broken(Spoilt(evidence).evidence()) == {}
    assert broken(tree.evidence(evidence), imports=True) == {}


def assert_caught(planted: Planted, evidence: Evidence) -> None:
    found = broken(evidence)
    assert set(found) == {planted.rule, *planted.also}, "".join(map(as_read, found.values()))
    message = as_read(found[planted.rule])
    assert planted.named in message
    assert found[planted.rule].rule.remedy in message
