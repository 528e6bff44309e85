"""Read the CloudFormation stacks of a stage: their status, and the outputs by which everything else is found."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from shared.said_by_stacks import NEEDS
from takeaway.errors import NoRunningSystem
from takeaway.run.client.target import Target
from takeaway.wiring import Wiring

NAME = re.compile(r"takeaway-(?P<stage>[a-z0-9]+)-.+")
HEALTHY = ("CREATE_COMPLETE", "UPDATE_COMPLETE")


@dataclass(frozen=True)
class Stack:
    name: str
    status: str
    outputs: Mapping[str, str]
    created_at: datetime | None = None
    updated_at: datetime | None = None

    @property
    def is_healthy(self) -> bool:
        return self.status in HEALTHY

    @property
    def needs(self) -> list[str]:
        """The contexts that must be deployed before this one."""
        return needs(self.outputs.get(NEEDS))


@dataclass(frozen=True)
class Stacks:
    """The stacks of one stage, by context ("orders") or other part ("bus")."""

    by_context: Mapping[str, Stack]
    start: str = "takeaway up"  # the command that deploys what is missing, with this stage

    def of(self, context: str) -> Stack:
        """Return the stack of a context. Raises NoRunningSystem when it is not deployed."""
        if context not in self.by_context:
            raise NoRunningSystem(f"The {context} context is not deployed", command=self.start)
        return self.by_context[context]

    def output(self, context: str, key: str) -> str:
        """Return an output of a context's stack. Raises NoRunningSystem when the stack or the output is missing."""
        stack = self.of(context)
        try:
            return stack.outputs[key]
        except KeyError:
            why = f"Stack {stack.name} ({stack.status}) has no output {key}"
            raise NoRunningSystem(why, command=self.start) from None

    def since(self, context: str) -> datetime:
        """Return when the context was first deployed: it has no data from before. Raises NoRunningSystem."""
        return self.of(context).created_at or datetime.min.replace(tzinfo=UTC)

    def has(self, context: str) -> bool:
        return context in self.by_context

    @property
    def wiring(self) -> Wiring | None:
        """The wiring of orders; None when orders is not deployed.

        Only the wirings of examples/ have the output `System`; a stack without it is the hybrid one.
        """
        orders = self.by_context.get("orders")
        return Wiring(orders.outputs.get("System", Wiring.HYBRID)) if orders and orders.outputs else None

    @property
    def are_healthy(self) -> bool:
        return bool(self.by_context) and all(stack.is_healthy for stack in self.by_context.values())


def read(target: Target) -> Stacks:
    """Read all stacks of the target's stage; empty when nothing is deployed. Source: CloudFormation."""
    prefix = f"{target.prefix}-"
    found = {}
    for page in target.client("cloudformation").get_paginator("describe_stacks").paginate():
        for stack in page["Stacks"]:
            name, status = stack["StackName"], stack["StackStatus"]
            if name.startswith(prefix) and status != "DELETE_COMPLETE":
                outputs = {output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", [])}
                found[name.removeprefix(prefix)] = Stack(
                    name, status, outputs, stack.get("CreationTime"), stack.get("LastUpdatedTime")
                )
    return Stacks(found, target.command("up"))


def as_of(target: Target, stacks: Stacks) -> dict[str, str]:
    """Return the time of each stack's last deployment by any tool. A changed time means that somebody has deployed."""
    if target.traits.dates_updates:
        return {stack.name: str(stack.updated_at or stack.created_at) for stack in stacks.by_context.values()}
    events = target.client("cloudformation").describe_stack_events
    names = [stack.name for stack in stacks.by_context.values()]
    return {name: str(events(StackName=name)["StackEvents"][0]["Timestamp"]) for name in names}  # the newest first


def stages(target: Target) -> list[str]:
    """Name the stages that have a stack on the target's engine or account."""
    pages = target.client("cloudformation").get_paginator("describe_stacks").paginate()
    names = [match for page in pages for stack in page["Stacks"] if (match := NAME.fullmatch(stack["StackName"]))]
    return sorted({match["stage"] for match in names})


def wirings(target: Target) -> dict[str, Wiring]:
    """Map stages to the wiring of orders, where it is deployed."""
    found = {stage: read(replace(target, stage=stage)).wiring for stage in stages(target)}
    return {stage: wiring for stage, wiring in found.items() if wiring}


def api_url(target: Target, stacks: Stacks) -> str:
    """Return the URL of the orders API: it ends with API Gateway's stage, without a slash. Raises NoRunningSystem."""
    if target.endpoint is None:
        return stacks.output("orders", "ApiUrl").rstrip("/")
    id_, stage = stacks.output("orders", "ApiId"), stacks.output("orders", "ApiStage")
    return f"{target.endpoint}/_aws/execute-api/{id_}/{stage}"


def needs(said: str | None) -> list[str]:
    """Split the output NEEDS, which names contexts separated by commas."""
    return said.split(",") if said else []


def is_healthy(target: Target, name: str) -> bool:
    """True if a stack of this full name is deployed without an error, such as the CDK's bootstrap stack."""
    pages = target.client("cloudformation").get_paginator("describe_stacks").paginate()
    return any(
        stack["StackName"] == name and stack["StackStatus"] in HEALTHY for page in pages for stack in page["Stacks"]
    )
