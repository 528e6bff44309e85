"""Deployed resources carry their context's name, so that no two contexts collide and a new one takes no name."""

import json
import re
from collections.abc import Iterator, Mapping

import pytest

from takeaway.check.new_context import naming
from takeaway.check.new_context.naming import NewContext
from takeaway.check.templates import assembly
from takeaway.check.templates.stack import Stack
from takeaway.errors import UsageError

# Names from before the rule. They stay, because CloudFormation replaces a resource that is renamed, and a table's items
# and a topic's subscribers would be lost. `takeaway new-context` refuses them.
OLDER = {"orders": {"restaurants"}, "promotions": {"vouchers"}, "console": {"journal"}}


@pytest.fixture(scope="module")
def stacks(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Stack]:
    return assembly.synthesized()


def physical_names(stack: Stack) -> Iterator[tuple[str, str]]:
    """Yield type and name of every resource that is given a name."""
    for resource in stack.template["Resources"].values():
        for key, value in resource.get("Properties", {}).items():
            if key.endswith("Name") and isinstance(value, str) and "takeaway-dev-" in value:
                yield resource["Type"], value


def test_every_name_has_that_of_its_context_in_it(stacks: Mapping[str, Stack]) -> None:
    for context, stack in stacks.items():
        found = {re.split("[/-]", name.partition("takeaway-dev-")[2])[0] for _, name in physical_names(stack)}
        assert found - {context} == OLDER.get(context, set())


def test_no_two_have_the_same_name(stacks: Mapping[str, Stack]) -> None:
    owners: dict[tuple[str, str], str] = {}
    for context, stack in stacks.items():
        for named in physical_names(stack):
            assert owners.setdefault(named, context) == context


@pytest.mark.parametrize(
    ("name", "owner"),
    [
        ("vouchers", "takeaway-dev-vouchers of promotions"),
        ("journal", "takeaway-dev-journal of console"),
        ("restaurants", "takeaway-dev-restaurants of orders"),
        ("issuer", "takeaway-dev-issuer of the local issuer"),
    ],
)
def test_a_new_context_is_refused_the_name_of_something_that_is_deployed(
    stacks: Mapping[str, Stack], monkeypatch: pytest.MonkeyPatch, name: str, owner: str
) -> None:
    monkeypatch.setattr(naming.assembly, "synthesized", lambda: stacks)
    with pytest.raises(UsageError, match=f"{name} is taken by {owner}"):
        naming.refuse_what_is_taken(NewContext(name, "order_completed"))


@pytest.mark.parametrize("name", ["loyalty", "order", "voucher", "restaurant", "test"])
def test_one_that_only_begins_like_another_is_not(
    stacks: Mapping[str, Stack], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(naming.assembly, "synthesized", lambda: stacks)
    naming.refuse_what_is_taken(NewContext(name, "order_completed"))


def test_the_name_of_every_stack_is_taken(stacks: Mapping[str, Stack]) -> None:
    assert {"bus", "orders", "promotions", "analytics", "console"} <= naming.names(stacks).keys()


def test_a_table_under_any_other_name_takes_it_as_well(stacks: Mapping[str, Stack]) -> None:
    text = json.dumps(stacks["promotions"].template).replace("takeaway-dev-vouchers", "takeaway-dev-coupons")
    changed = Stack("promotions", stacks["promotions"].full_name, json.loads(text))
    assert naming.names({"promotions": changed})["coupons"] == "takeaway-dev-coupons of promotions"
