"""Orders whose workflow is a durable function, on a real engine; faults and races of it are in tests/system/faults."""

import io
import json
import zipfile
from typing import Any
from uuid import uuid4

import pytest

from takeaway.facts import facts_of
from takeaway.run.client.journey import timeline
from takeaway.run.client.system import System
from takeaway.run.deploy import swapped
from takeaway.run.deploy.assembly import Assembly
from tests.fakes.people import Customer, Restaurant, eventually, lived
from tests.system.faults.watching import DECIDES, DELIVERS, goes, states, waits

pytestmark = [pytest.mark.engine, pytest.mark.teaching]


@pytest.fixture
def inhabited(durable: System) -> System:
    return durable


def function_of(system: System) -> str:
    return system.stacks.output("orders", "ProcessFunctionArn").rpartition(":")[0]


def execution_of(system: System, order_id: str) -> str:
    pages = system.target.client("lambda").get_paginator("list_durable_executions_by_function")
    for version in ("1", "2"):
        for page in pages.paginate(FunctionName=function_of(system), Qualifier=version, DurableExecutionName=order_id):
            for each in page["DurableExecutions"]:
                return str(each["DurableExecutionArn"])
    raise AssertionError(f"no execution is named {order_id}")


def history(system: System, order_id: str) -> list[dict[str, Any]]:
    client, arn = system.target.client("lambda"), execution_of(system, order_id)
    pages = client.get_paginator("get_durable_execution_history").paginate(
        DurableExecutionArn=arn, IncludeExecutionData=True
    )
    return [event for page in pages for event in page["Events"]]


def test_a_completed_order_has_gone_the_way_of_the_state_machine(
    customer: Customer, restaurant: Restaurant, durable: System
) -> None:
    order_id = lived(customer, restaurant)
    eventually(lambda: durable.workflow.status(order_id) == "SUCCEEDED", "its execution has ended")
    assert states(durable, order_id)[:-1] == goes(durable, *facts_of("orders").ways["completed"].states)
    told = [(moment.actor, moment.what) for moment in timeline(durable.traces(order_id))]
    assert ("workflow", "Complete order") in told
    assert ("bus", "order_completed") in told
    eventually(lambda: durable.vouchers.of_order(order_id), "its voucher")


def test_the_history_has_no_data_of_people(customer: Customer, restaurant: Restaurant, durable: System) -> None:
    order_id = lived(customer, restaurant)
    told = json.dumps(history(durable, order_id), default=str)
    assert customer.order()["delivery_address"] not in told
    assert "@example.com" not in told


def test_a_name_is_one_execution_however_often_it_is_placed(customer: Customer, durable: System) -> None:
    key = str(uuid4())
    ids = {durable.api.place(customer.order(), token=customer.token, idempotency_key=key) for _ in range(3)}
    [order_id] = ids
    customer.waits_for(order_id, "PLACED")
    assert len([each for each in history(durable, order_id) if each["EventType"] == "ExecutionStarted"]) == 1


def test_the_callback_by_which_an_order_is_woken_up_is_in_no_answer_and_no_event(
    customer: Customer, restaurant: Restaurant, durable: System
) -> None:
    order_id = customer.places()
    waits(durable, order_id, DECIDES)
    item = durable.target.client("dynamodb").get_item(
        TableName=durable.stacks.output("orders", "OrdersTable"), Key={"order_id": {"S": order_id}}
    )["Item"]
    callback = item["decision_token"]["S"]
    restaurant.accepts(order_id)
    waits(durable, order_id, DELIVERS)
    seen = [customer.sees(order_id), *(entry.content for entry in durable.journal.of_order(order_id))]
    assert callback not in json.dumps(seen, default=str)


def test_an_open_order_ends_with_the_version_that_it_began_with(
    customer: Customer, restaurant: Restaurant, durable: System
) -> None:
    """Other code is deployed while it waits: a bundle in which no order could be processed."""
    order_id = customer.places()
    waits(durable, order_id, DECIDES)
    name, client = function_of(durable).rpartition(":")[2], durable.target.client("lambda")
    assembly_builder = _builder(durable, name)
    alias = client.get_alias(FunctionName=name, Name="live")["FunctionVersion"]
    swapped.functions(durable.target, {name: assembly_builder}, _empty_bundle())
    try:
        assert client.get_alias(FunctionName=name, Name="live")["FunctionVersion"] != alias
        restaurant.accepts(order_id)
        customer.waits_for(order_id, "ACCEPTED")
        restaurant.delivers(order_id)
        customer.waits_for(order_id, "COMPLETED")
    finally:
        client.update_alias(FunctionName=name, Name="live", FunctionVersion=alias)


def _builder(system: System, name: str) -> list[str]:
    folder = system.target.home.last_assembly(system.target.stage)
    return list(Assembly(folder, system.target.prefix).functions[name])


def _empty_bundle() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("nothing.py", "")
    return buffer.getvalue()
