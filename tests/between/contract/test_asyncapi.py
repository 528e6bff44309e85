"""The AsyncAPI document is valid for AsyncAPI's own parser, and says of each event the same as its schema."""

import copy
import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator

from shared import schema_tools
from takeaway.paths import REPOSITORY, TOOLS
from takeaway.run.deploy.tools import full_environment

DOCUMENT = REPOSITORY / "docs/generated/asyncapi.yaml"
ERROR, WARNING = 0, 1  # severities of the parser; 2 and 3 are advice

Node = dict[str, Any]
ORDER_PLACED = "orders.publishes.order_placed"
BROKEN: dict[str, Callable[[Node], object]] = {
    "an operation of no channel": lambda d: d["operations"][ORDER_PLACED]["channel"].update(
        {"$ref": "#/channels/lost"}
    ),
    "a message that the channel does not carry": lambda d: d["channels"]["bus"]["messages"].pop(
        "takeaway.orders.order_placed.v1"
    ),
    "a schema that is none": lambda d: d["components"]["schemas"]["takeaway.orders.order_placed.v1"].update(
        type="cash"
    ),
    "a field that AsyncAPI does not know": lambda d: d["channels"]["bus"].update(topic="orders"),
}


@pytest.fixture(scope="module")
def document() -> Node:
    read: Node = yaml.safe_load(DOCUMENT.read_text(encoding="utf-8"))
    return read


@pytest.fixture(scope="module")
def findings(document: Node, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Node]:
    """Return the parser's findings on the document and on each broken copy, by one call because it starts slowly."""
    folder = tmp_path_factory.mktemp("asyncapi")
    files = {"the document": DOCUMENT}
    for number, (name, spoil) in enumerate(BROKEN.items()):
        spoilt = copy.deepcopy(document)
        spoil(spoilt)
        files[name] = folder / f"{number}.yaml"
        files[name].write_text(yaml.safe_dump(spoilt), encoding="utf-8")
    asked = subprocess.run(
        [TOOLS / "node", Path(__file__).with_name("asyncapi.mjs"), *files.values()],
        env=full_environment({}), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert asked.returncode == 0, asked.stderr
    return dict(zip(files, json.loads(asked.stdout), strict=True))


def test_the_parser_of_asyncapi_finds_nothing_wrong(findings: dict[str, Node]) -> None:
    found = findings["the document"]
    assert found["parsed"]
    assert [each for each in found["diagnostics"] if each["severity"] <= WARNING] == []


@pytest.mark.parametrize("what", BROKEN)
def test_the_parser_refuses_a_broken_document(findings: dict[str, Node], what: str) -> None:
    assert ERROR in {each["severity"] for each in findings[what]["diagnostics"]}


def test_its_publisher_sends_every_event_and_the_others_receive(findings: dict[str, Node]) -> None:
    operations = findings["the document"]["operations"]
    assert {name for action, name in operations if action == "send"} == {
        f"{schema_tools.context_of(source)}.publishes.{each}" for each, _, source in schema_tools.events()
    }
    receivers = {name.partition(".")[0] for action, name in operations if action == "receive"}
    assert receivers >= {"promotions", "analytics", "console"}


def test_the_document_refers_to_nothing_outside_itself(document: Node) -> None:
    def references(node: Any) -> list[str]:
        if isinstance(node, list):
            return [found for each in node for found in references(each)]
        if not isinstance(node, dict):
            return []
        own = [node["$ref"]] if isinstance(node.get("$ref"), str) else []
        return own + [found for each in node.values() for found in references(each)]

    assert {reference[:2] for reference in references(document)} == {"#/"}


@pytest.mark.parametrize("event", schema_tools.events(), ids=lambda event: schema_tools.name_of(*event))
def test_the_payload_of_a_message_takes_its_example_and_refuses_a_broken_one(
    document: Node, event: tuple[str, int, str]
) -> None:
    event_type, version, source = event
    message = document["components"]["messages"][f"{source}.{event_type}.v{version}"]
    validator = Draft7Validator({**document, **message["payload"]})
    [example] = message["examples"]
    assert example["payload"] == schema_tools.example(*event)
    validator.validate(example["payload"])
    for field in ("order_id", "restaurant_id"):
        broken = copy.deepcopy(example["payload"])
        del broken["detail"]["data"][field]
        assert not validator.is_valid(broken)
    assert not validator.is_valid(example["payload"] | {"detail-type": "another"})
