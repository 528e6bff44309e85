"""A changed file of a workflow becomes the definition that a deployment would make of it."""

import json
from pathlib import Path
from typing import Any

import pytest

from takeaway.run.dev.workflows import Machine, NeedsDeployment, NotStatesLanguage, merged, parsed

FILE = {"States": {"Wait": {"TimeoutSeconds": 600, "Next": "End"}, "End": {"Resource": "${table}"}}}
TEMPLATE = {"States": {"Wait": {"TimeoutSeconds": 8, "Next": "End"}, "End": {"Resource": "${table}"}}}


def machine(**values: str) -> Machine:
    template = {"DefinitionString": json.dumps(TEMPLATE)}
    return Machine("orders", "takeaway-dev-orders", Path("order.asl.json"), FILE, FILE, template, values)


def edited(state: str, **fields: Any) -> dict[str, Any]:
    return {"States": {**FILE["States"], state: {**FILE["States"].get(state, {}), **fields}}}


def test_what_the_deployment_chose_stays_and_what_was_edited_comes() -> None:
    made = json.loads(machine(table="t1").made(edited("Wait", Next="Other")))
    assert made["States"]["Wait"] == {"TimeoutSeconds": 8, "Next": "Other"}
    assert made["States"]["End"] == {"Resource": "t1"}


def test_a_state_comes_and_another_goes() -> None:
    content = edited("New", Type="Succeed")
    del content["States"]["End"]
    made = json.loads(machine().made(content))
    assert made["States"].keys() == {"Wait", "New"}


def test_what_both_have_changed_needs_a_deployment() -> None:
    with pytest.raises(NeedsDeployment, match="600 is 8 in this deployment"):
        machine(table="t1").made(edited("Wait", TimeoutSeconds=300))


def test_a_placeholder_that_no_template_has_needs_a_deployment() -> None:
    with pytest.raises(NeedsDeployment, match=r"\$\{fraud_check\} is new"):
        machine(table="t1").made(edited("New", Resource="${fraud_check}"))


def test_lists_are_merged_entry_by_entry_where_they_have_as_many() -> None:
    assert merged([{"a": 1, "b": 1}], [{"a": 2, "b": 1}], [{"a": 1, "b": 3}]) == [{"a": 2, "b": 3}]
    with pytest.raises(NeedsDeployment):
        merged([1], [2], [1, 3])


@pytest.mark.parametrize("text", ["", "{", "[]", '{"States": []}'])
def test_a_file_that_is_no_definition_is_told_by_its_name(tmp_path: Path, text: str) -> None:
    (tmp_path / "order.asl.json").write_text(text)
    with pytest.raises(NotStatesLanguage, match=r"order\.asl\.json"):
        parsed((tmp_path / "order.asl.json").read_bytes(), "order.asl.json")
