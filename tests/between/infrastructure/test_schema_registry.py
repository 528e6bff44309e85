"""The events of orders are in EventBridge's schema registry, where the engine has one."""

import json
import re
from typing import Any

import pytest
from aws_cdk import Stack
from aws_cdk.assertions import Template
from cfnlint.api import lint
from jsonschema import Draft4Validator

from contexts.orders.infrastructure.parameters import OrdersParameters
from contexts.orders.infrastructure.stack import OrdersStack
from contexts.orders.published_events import SOURCE
from shared import schema_tools
from shared.infrastructure import schema_registry
from shared.infrastructure.deployment import Deployment
from shared.infrastructure.schema_registry import SchemaRegistry, entry
from tests.fakes.templates import bare_app

EVENTS = pytest.mark.parametrize("event", schema_tools.events(SOURCE), ids=lambda event: schema_tools.name_of(*event))
LONGEST_CONTENT, LONGEST_DESCRIPTION = 100_000, 256  # the service's limits
NAME = re.compile(r"[\w.@-]{1,385}", re.ASCII)


@pytest.fixture(scope="module")
def template() -> Template:
    stack = Stack(bare_app(), "stack")
    SchemaRegistry(stack, "Schemas", deployment=Deployment(stage="test"), context="orders", source=SOURCE)
    return Template.from_stack(stack)


def entries(template: Template) -> dict[str, dict[str, Any]]:
    found = [each["Properties"] for each in template.find_resources("AWS::EventSchemas::Schema").values()]
    return {each["SchemaName"]: each for each in found}


def orders(*, registry: bool) -> Template:
    parameters = OrdersParameters("https://issuer.example.com", "api", "orders@example.com", schema_registry=registry)
    deployment = Deployment(dependencies="engine")
    return Template.from_stack(OrdersStack(bare_app(), "orders", deployment=deployment, parameters=parameters))


def test_every_version_of_every_event_has_an_entry_named_by_source_and_detail_type(template: Template) -> None:
    expected = {f"{SOURCE}@{event_type}.v{version}" for event_type, version, _ in schema_tools.events(SOURCE)}
    assert set(entries(template)) == expected
    assert all(NAME.fullmatch(name) for name in expected)


def test_a_stage_has_a_registry_of_its_own_and_it_is_there_before_its_entries(template: Template) -> None:
    [(registry, found)] = template.find_resources("AWS::EventSchemas::Registry").items()
    assert found["Properties"]["RegistryName"] == "takeaway-test-orders"
    for each in entries(template).values():
        assert each["RegistryName"] == {"Fn::GetAtt": [registry, "RegistryName"]}


@EVENTS
def test_an_entry_takes_a_delivered_event_and_refuses_a_broken_one(
    template: Template, event: tuple[str, int, str]
) -> None:
    found = entries(template)[schema_tools.name_of(*event)]
    assert found["Type"] == "JSONSchemaDraft4"
    schema = json.loads(found["Content"])
    Draft4Validator.check_schema(schema)
    example = schema_tools.example(*event)
    Draft4Validator(schema).validate(example)
    del example["detail"]["data"]["order_id"]
    assert not Draft4Validator(schema).is_valid(example)


@EVENTS
def test_an_entry_keeps_to_the_limits_of_the_service(template: Template, event: tuple[str, int, str]) -> None:
    found = entries(template)[schema_tools.name_of(*event)]
    assert 0 < len(found["Content"]) <= LONGEST_CONTENT
    assert 0 < len(found["Description"]) <= LONGEST_DESCRIPTION


def test_a_long_description_is_cut_at_a_word(monkeypatch: pytest.MonkeyPatch) -> None:
    bundle = schema_registry.bundled("order_placed")
    bundle.schema["description"] = "word " * 100
    monkeypatch.setattr(schema_registry, "bundled", lambda *_: bundle)
    description, _ = entry("order_placed", 1, SOURCE)
    assert len(description) <= LONGEST_DESCRIPTION
    assert description.endswith("word …")


def test_cloudformation_knows_every_property_but_the_one_that_is_planted(template: Template) -> None:
    spoilt = template.to_json()
    next(iter(spoilt["Resources"].values()))["Properties"]["Owner"] = "orders"
    [finding] = [found for found in lint(json.dumps(spoilt)) if found.rule.id[0] in "EW"]
    assert "'Owner' was unexpected" in finding.message


def test_orders_registers_what_it_publishes_unless_the_engine_has_no_registry() -> None:
    count = len(schema_tools.events(SOURCE))
    orders(registry=True).resource_count_is("AWS::EventSchemas::Schema", count)
    without = orders(registry=False)
    without.resource_count_is("AWS::EventSchemas::Schema", 0)
    without.resource_count_is("AWS::EventSchemas::Registry", 0)
