"""Puts the fault in front of the deployed functions, and plans what goes wrong."""

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from takeaway.paths import REPOSITORY
from takeaway.run.client.system import System
from takeaway.wiring import Wiring

REDELIVERY_SECONDS = 2  # instead of minutes, because tests wait for it
FAULT = Path(__file__).with_name("fault.py")
# The functions that are broken: steps of the workflow, the function that closes orders, and the API.
BROKEN = (
    "place_order", "notify_restaurant", "accept_order", "notify_user", "complete_order", "fail_order", "close_order",
    "api",
)  # fmt: skip
OF_DURABLE = (
    "process_order",
    "close_order",
    "api",
)  # the first runs all steps, each of which can be broken by its name


@dataclass(frozen=True)
class Plan:
    """The planned faults, by step and by order: a customer's id, or while placing it an Idempotency-Key."""

    system: System
    table: str

    def goes_wrong(self, whose: str, step: str, what: str, *, times: int) -> None:
        item = {"plan": {"S": f"{whose} {step}"}, "what": {"S": what}, "times": {"N": str(times)}}
        self.system.target.client("dynamodb").put_item(TableName=self.table, Item=item)

    def has_happened(self, whose: str, step: str) -> bool:
        """Tell whether the fault has happened as often as it was planned."""
        key = {"plan": {"S": f"{whose} {step}"}}
        found = self.system.target.client("dynamodb").get_item(TableName=self.table, Key=key, ConsistentRead=True)
        return bool(found["Item"]["times"]["N"] == "0")

    def goes_right(self, whose: str, step: str) -> None:
        key = {"plan": {"S": f"{whose} {step}"}}
        self.system.target.client("dynamodb").delete_item(TableName=self.table, Key=key)


def broken(system: System, steps: Sequence[str] = (), packages: Sequence[str] = ("contexts/orders",)) -> Plan:
    """Put the fault in front of each step's function; without a plan it does nothing.

    `packages` are those that the functions carry.
    """
    if system.stacks.wiring is Wiring.DURABLE:
        steps, packages = OF_DURABLE, ("contexts/orders", "examples/durable_orders")
    name = f"{system.target.prefix}-faults"
    system.target.client("dynamodb").create_table(
        TableName=name,
        KeySchema=[{"AttributeName": "plan", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "plan", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    functions, code = system.target.client("lambda"), _bundle(packages)
    for step in steps or BROKEN:
        function = f"{system.target.prefix}-orders-{step.replace('_', '-')}"
        now = functions.get_function_configuration(FunctionName=function)
        settings = {**now["Environment"]["Variables"], "FAULT_TABLE": name, "FAULT_HANDLER": now["Handler"]}
        functions.update_function_code(FunctionName=function, ZipFile=code)
        functions.update_function_configuration(
            FunctionName=function, Handler="fault.handler", Environment={"Variables": settings}
        )
        for alias in functions.list_aliases(FunctionName=function)["Aliases"]:
            version = functions.publish_version(FunctionName=function)["Version"]
            functions.update_alias(FunctionName=function, Name=alias["Name"], FunctionVersion=version)
    return Plan(system, name)


def redelivered_soon(system: System, *queues: str) -> None:
    """Shorten the time until a failed message is delivered again to seconds.

    Only for warm functions, because a cold one may take longer than that.
    """
    sqs = system.target.client("sqs")
    for queue in queues:
        sqs.set_queue_attributes(
            QueueUrl=sqs.get_queue_url(QueueName=f"{system.target.prefix}-{queue}")["QueueUrl"],
            Attributes={"VisibilityTimeout": str(REDELIVERY_SECONDS)},
        )


def _bundle(packages: Sequence[str]) -> bytes:
    """Return the code as it is deployed, and the fault."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(FAULT, FAULT.name)
        for package in packages:
            archive.write(REPOSITORY / Path(package).parent / "__init__.py", f"{Path(package).parent}/__init__.py")
            for path in (REPOSITORY / package).rglob("*.*"):
                if path.suffix in (".py", ".json") and "infrastructure" not in path.parts:
                    archive.write(path, path.relative_to(REPOSITORY))
    return buffer.getvalue()
