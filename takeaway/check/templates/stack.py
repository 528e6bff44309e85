"""A synthesized stack: its resources, its functions, and the holders of its roles."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from takeaway.check.templates.values import flat, listed, logical_id, references

Template = dict[str, Any]
Properties = dict[str, Any]

ALARM = "AWS::CloudWatch::Alarm"
EVENT_BUS = "AWS::Events::EventBus"
EVENT_RULE = "AWS::Events::Rule"
EVENT_SOURCE = "AWS::Lambda::EventSourceMapping"
FUNCTION = "AWS::Lambda::Function"
QUEUE = "AWS::SQS::Queue"
ROLE = "AWS::IAM::Role"
STATE_MACHINE = "AWS::StepFunctions::StateMachine"
SUBSCRIPTION = "AWS::SNS::Subscription"
# The properties with a physical name, by which other stacks could refer to a resource.
NAMES = (
    "TableName", "FunctionName", "QueueName", "TopicName", "StateMachineName", "BucketName", "LogGroupName", "RoleName",
)  # fmt: skip


@dataclass(frozen=True)
class Function:
    """A Lambda function. `module` is its handler's module, such as `contexts.orders.handlers.place_order`."""

    logical_id: str
    module: str
    roles: frozenset[str]
    properties: Properties

    @property
    def name(self) -> str:
        return self.module.rpartition(".")[2]

    @property
    def is_own_code(self) -> bool:
        """False for a helper function that the CDK adds."""
        return self.module.count(".") > 0


@dataclass(frozen=True, eq=False)
class Stack:
    """A stack. `name` is the context, such as "orders" of takeaway-dev-orders.

    `notes` is the metadata of the app's constructs, by construct path.
    """

    name: str
    full_name: str
    template: Template
    notes: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def of(self, *kinds: str) -> dict[str, Properties]:
        """Return the properties of every resource of these types, by logical id."""
        return {
            name: resource.get("Properties", {})
            for name, resource in self.template["Resources"].items()
            if resource["Type"] in kinds
        }

    @cached_property
    def functions(self) -> dict[str, Function]:
        return {
            name: Function(
                name,
                flat(properties.get("Handler", "")).rpartition(".")[0],
                frozenset({logical_id(properties.get("Role"))}),
                properties,
            )
            for name, properties in self.of(FUNCTION).items()
        }

    def function_at(self, value: Any) -> Function | None:
        """Return the function of this stack that a value refers to; None if there is none."""
        return self.functions.get(logical_id(value))

    @cached_property
    def referring(self) -> dict[str, set[str]]:
        """The logical ids of the resources that refer to a resource, by its logical id."""
        found: dict[str, set[str]] = {}
        for name, resource in self.template["Resources"].items():
            for each in references(resource.get("Properties", {})):
                found.setdefault(each, set()).add(name)
        return found

    @cached_property
    def holders(self) -> dict[str, list[str]]:
        """The names of the functions, workflows and schedules that have a role, by the role's logical id."""
        held: dict[str, list[str]] = {}
        for function in self.functions.values():
            for role in function.roles:
                held.setdefault(role, []).append(function.name or function.logical_id)
        for name, properties in self.of(STATE_MACHINE, "AWS::Scheduler::Schedule").items():
            role = properties.get("RoleArn") or properties.get("Target", {}).get("RoleArn")
            held.setdefault(logical_id(role), []).append(self.called(name))
        return held

    def holder(self, role: str) -> str:
        return " and ".join(self.holders.get(role, [])) or role

    def kind_of(self, logical: str) -> str:
        kind: str = self.template["Resources"][logical]["Type"]
        return kind

    def called(self, logical: str) -> str:
        """Return a resource's physical name, else its logical id."""
        properties = self.template["Resources"].get(logical, {}).get("Properties", {})
        given = (value for key, value in properties.items() if key in (*NAMES, "Name") and isinstance(value, str))
        return next(given, logical)

    @cached_property
    def names(self) -> set[str]:
        """The physical names of the stack's resources, by which other stacks could refer to them."""
        return {
            properties[key]
            for resource in self.template["Resources"].values()
            for properties in [resource.get("Properties", {})]
            for key in NAMES
            if isinstance(properties.get(key), str)
        }

    def dead_letters_of(self, queue: str) -> str | None:
        """Return the logical id of a queue's dead-letter queue; None if it has none."""
        redrive = self.of(QUEUE).get(queue, {}).get("RedrivePolicy") or {}
        return logical_id(redrive["deadLetterTargetArn"]) if "deadLetterTargetArn" in redrive else None

    @cached_property
    def alarmed_queues(self) -> set[str]:
        """The logical ids of the queues that have an alarm on the number of their messages."""
        return {
            logical_id(dimension["Value"])
            for alarm in self.of(ALARM).values()
            if alarm.get("MetricName") == "ApproximateNumberOfMessagesVisible"
            for dimension in listed(alarm.get("Dimensions"))
            if dimension["Name"] == "QueueName"
        }
