"""Any context can publish: tools, pages and neighbours need nothing but its folder in shared/schemas."""

import json
import re
from datetime import date
from pathlib import Path

import pytest
from aws_cdk import Stack
from aws_cdk.assertions import Template

from shared import schema_tools
from shared.infrastructure.deployment import Deployment
from shared.infrastructure.schema_registry import SchemaRegistry
from shared.schema_tools.fields import fields
from takeaway.check.contracts.check import check
from takeaway.check.contracts.gate import judge
from takeaway.check.contracts.published import Published, in_the_work_tree, published
from takeaway.check.new_context.generate import _from_template
from takeaway.check.new_context.naming import NewContext
from takeaway.check.templates.assembly import synthesized
from takeaway.errors import UsageError
from takeaway.facts import facts_of
from takeaway.study.docs.events import asyncapi
from takeaway.study.docs.events.catalogue import Catalogue, assembled
from takeaway.study.docs.events.pages import index, page
from tests.between.contract.second_publisher import COOKED, KITCHEN, ORDERS, SHARED, with_a_second_publisher
from tests.between.contract.subscriptions import Subscription
from tests.fakes.bus import breach
from tests.fakes.templates import bare_app
from tests.tools.docs.events.test_rules import stack


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a tree with the schemas of both publishers, which all code reads instead of ours."""
    monkeypatch.setattr(schema_tools, "FOLDER", with_a_second_publisher(tmp_path / "shared"))
    return tmp_path


def test_both_are_found_by_their_folders(tree: Path) -> None:
    assert schema_tools.sources() == (KITCHEN, ORDERS)
    assert schema_tools.events(KITCHEN) == [(COOKED, 1, KITCHEN), (SHARED, 1, KITCHEN)]
    assert set(schema_tools.events()) > {(SHARED, 1, KITCHEN), (SHARED, 1, ORDERS), ("order_placed", 1, ORDERS)}


def test_an_event_is_known_by_its_name_alone_unless_both_have_one_of_that_name(tree: Path) -> None:
    assert schema_tools.source_of(COOKED) == KITCHEN
    assert schema_tools.example(COOKED)["source"] == KITCHEN
    assert schema_tools.source_of(f"{ORDERS}@{SHARED}") == ORDERS
    with pytest.raises(schema_tools.UnknownEvent, match=f"{KITCHEN} and {ORDERS} publish {SHARED}: expected its"):
        fields(SHARED)
    for unknown in (f"{ORDERS}@{COOKED}", f"../{KITCHEN}@{COOKED}", "takeaway.nobody@order_placed"):
        with pytest.raises(schema_tools.UnknownEvent, match="nobody publishes"):
            schema_tools.source_of(unknown)


def test_what_it_publishes_is_held_against_its_own_schema(tree: Path) -> None:
    detail = schema_tools.example(COOKED)["detail"]
    assert breach(KITCHEN, COOKED, json.dumps(detail)) == ""
    assert "is not in the schema" in breach(KITCHEN, COOKED, json.dumps(detail | {"chef": "Ada"}))
    assert f"shared/schemas/{ORDERS}/{COOKED}.v1" in breach(ORDERS, COOKED, json.dumps(detail))


def test_its_registry_has_its_events_and_no_others(tree: Path) -> None:
    stack = Stack(bare_app(), "stack")
    SchemaRegistry(stack, "Schemas", deployment=Deployment(stage="test"), context="kitchen", source=KITCHEN)
    found = Template.from_stack(stack).find_resources("AWS::EventSchemas::Schema").values()
    contents = {each["Properties"]["SchemaName"]: each["Properties"]["Content"] for each in found}
    assert contents.keys() == {f"{KITCHEN}@{COOKED}.v1", f"{KITCHEN}@{SHARED}.v1"}
    assert all(json.loads(each)["properties"]["source"]["enum"] == [KITCHEN] for each in contents.values())


def test_the_compatibility_check_judges_it_by_its_own_past(tree: Path) -> None:
    after = published(in_the_work_tree(tree))
    before = Published({name: schema for name, schema in after.schemas.items() if name.startswith(ORDERS)})
    found = judge(before, after, lambda event, path: [], date(2026, 11, 23))
    assert [(each.event, each.what) for each in found] == [
        (f"{KITCHEN}@{COOKED}.v1", "adds the event"), (f"{KITCHEN}@{SHARED}.v1", "adds the event"),
    ]  # fmt: skip


def test_a_rule_delivers_the_events_of_the_source_that_it_names(tree: Path) -> None:
    assert Subscription("loyalty", "rule", {"source": [KITCHEN], "detail-type": [SHARED]}).delivered == {
        f"{KITCHEN}@{SHARED}.v1"
    }


@pytest.mark.parametrize("on", [COOKED, f"{KITCHEN}@{SHARED}"])
def test_a_context_is_generated_that_subscribes_to_it_and_reads_what_it_says(tree: Path, on: str) -> None:
    new = NewContext("loyalty", on)
    _from_template(new, tree)
    (tree / "contexts/__init__.py").touch()
    assert check(tree, "loyalty") == (["loyalty"], [])
    assert f'SOURCES = ["{KITCHEN}"]' in (tree / "contexts/loyalty/infrastructure/subscriptions.py").read_text("utf-8")
    assert f"shared/schemas/{KITCHEN}/" in (tree / ".github/workflows/loyalty.yml").read_text("utf-8")
    [declared] = re.findall(r'CONSUMES.*\{"(\S+)"', (tree / "contexts/loyalty/consumed_events.py").read_text("utf-8"))
    assert declared == f"{KITCHEN}@{new.event}.v1"


def test_a_consumer_that_reads_what_it_does_not_say_is_told_so(tree: Path) -> None:
    _from_template(NewContext("loyalty", COOKED), tree)
    (tree / "contexts/__init__.py").touch()
    file = tree / "contexts/loyalty/consumed_events.py"
    file.write_text(file.read_text("utf-8").replace("    customer_id: Text\n", "    chef: Text\n"), "utf-8")
    assert [each.what for each in check(tree)[1]] == [f"loyalty reads data.chef; {COOKED}.v1 has none"]


def test_an_event_that_two_publish_is_asked_for_with_its_source_and_one_that_a_context_can_not_read_is_refused(
    tree: Path,
) -> None:
    with pytest.raises(UsageError, match=f"not '{SHARED}': .* expected its source too, {KITCHEN}@{SHARED}"):
        NewContext("loyalty", SHARED)
    file = schema_tools.FOLDER / KITCHEN / f"{COOKED}.v1.schema.json"
    file.write_text(file.read_text("utf-8").replace('"customer_id"', '"chef"'), "utf-8")
    with pytest.raises(UsageError, match=rf"{COOKED} has no data\.customer_id\."):
        NewContext("loyalty", COOKED)


@pytest.fixture
def catalogue(tree: Path) -> Catalogue:
    listening = stack(EventPattern={"source": [KITCHEN]})
    return assembled({ORDERS: facts_of("orders")}, {**synthesized(), "loyalty": listening})


def test_the_catalogue_has_it_beside_the_other(catalogue: Catalogue) -> None:
    text = index(catalogue)
    assert f"## Kitchen publishes, as `{KITCHEN}`" in text
    assert f"## Orders publishes, as `{ORDERS}`" in text
    assert "| every event of kitchen |" in text
    assert "every event of orders" in text
    pages = {event.name: page(event, catalogue) for event in catalogue.events}
    assert {COOKED, f"{KITCHEN}@{SHARED}", f"{ORDERS}@{SHARED}", "order_placed"} <= pages.keys()
    assert "Kitchen, which does not tell from where." in pages[COOKED]
    assert "**loyalty**" in pages[f"{KITCHEN}@{SHARED}"]
    assert "**loyalty**" not in pages[f"{ORDERS}@{SHARED}"]
    assert f"../../shared/schemas/{KITCHEN}/{COOKED}.v1.schema.json" in pages[COOKED]


def test_the_asyncapi_document_keeps_what_both_call_alike_apart(catalogue: Catalogue) -> None:
    tree = asyncapi.tree(catalogue)
    schemas, text = tree["components"]["schemas"], json.dumps(tree)
    assert schemas[f"{KITCHEN}.common.restaurant_id.v1"]["description"] == "The restaurant that cooks it."
    assert schemas[f"{ORDERS}.common.restaurant_id.v1"]["description"] != "The restaurant that cooks it."
    assert {f"kitchen.publishes.{COOKED}", f"orders.publishes.{SHARED}"} <= tree["operations"].keys()
    assert set(re.findall(r"#/components/schemas/([\w.-]+)", text)) <= schemas.keys()
    assert set(re.findall(r"#/components/messages/([\w.-]+)", text)) == tree["components"]["messages"].keys()
