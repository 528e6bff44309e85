"""The rules that templates and the workflow must keep, as functions from what was built to what is wrong with it.

Kept apart from the tests, so that each rule can be given something that breaks it and be seen to notice.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

Template = dict[str, Any]

ARN_OF_BUS = re.compile(r":event-bus/(?P<name>[\w-]+)$")
NAMES = ("FunctionName", "TableName", "TopicName", "QueueName", "StateMachineName", "BucketName", "LogGroupName")


def resources(template: Template, kind: str) -> dict[str, dict[str, Any]]:
    """Logical id and properties of every resource of a type."""
    return {
        name: resource.get("Properties", {})
        for name, resource in template["Resources"].items()
        if resource["Type"] == kind
    }


def flat(value: Any) -> str:
    """A value of a template as one text: joins are put together, other references stand as they are."""
    if isinstance(value, dict) and "Fn::Join" in value:
        separator, parts = value["Fn::Join"]
        return str(separator).join(flat(part) for part in parts)
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True)


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def statements(template: Template) -> Iterator[dict[str, Any]]:
    """Every Allow of every role: what somebody in this stack may do."""
    documents = [
        properties["PolicyDocument"]
        for kind in ("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy")
        for properties in resources(template, kind).values()
    ]
    for role in resources(template, "AWS::IAM::Role").values():
        documents += [policy["PolicyDocument"] for policy in role.get("Policies", ())]
    for document in documents:
        for statement in listed(document["Statement"]):
            if statement["Effect"] == "Allow":
                yield statement


def exports_and_imports(template: Template) -> list[str]:
    exports = [name for name, output in template.get("Outputs", {}).items() if "Export" in output]
    imports = re.findall(r'"Fn::ImportValue": [^}]+', json.dumps(template))
    parameters = [
        name
        for name, parameter in template.get("Parameters", {}).items()
        if "SSM" in parameter["Type"] and name != "BootstrapVersion"  # the CDK's own, of the account
    ]
    return [*exports, *imports, *parameters]


def wrong_publishing(template: Template, *, bus: str, source: str) -> list[str]:
    """Permissions to put events on another bus than this one, or under another source than this one."""
    wrong = []
    for statement in statements(template):
        if not _allows(statement, "events:PutEvents"):
            continue
        buses = [ARN_OF_BUS.search(flat(resource)) for resource in listed(statement["Resource"])]
        sources = statement.get("Condition", {}).get("StringEquals", {}).get("events:source")
        if [found and found["name"] for found in buses] != [bus] or sources != source:
            wrong.append(flat(statement))
    return wrong


def may(template: Template, action: str) -> bool:
    """Somebody in this stack may do this, on whatever resource."""
    return any(_allows(statement, action) for statement in statements(template))


def _allows(statement: dict[str, Any], action: str) -> bool:
    return any(re.fullmatch(allowed.replace("*", ".*"), action) for allowed in listed(statement["Action"]))


def wildcard_actions(template: Template) -> list[str]:
    return [
        action
        for statement in statements(template)
        for action in listed(statement["Action"])
        if "*" in action
    ]  # fmt: skip


def names_of(template: Template) -> set[str]:
    """What the resources of a stack are called, where others could know them by it."""
    given = [
        properties[key]
        for resource in template["Resources"].values()
        for properties in [resource.get("Properties", {})]
        for key in NAMES
        if isinstance(properties.get(key), str)
    ]
    return set(given)


def references(template: Template, names: set[str]) -> list[str]:
    text = json.dumps(template)
    return [name for name in sorted(names) if re.search(rf"(?<![\w.-]){re.escape(name)}(?![\w-])", text)]


def shared_roles(template: Template) -> list[str]:
    """Roles that more than one function has."""
    roles = [flat(function["Role"]) for function in resources(template, "AWS::Lambda::Function").values()]
    return sorted({role for role in roles if roles.count(role) > 1})


def listens_to_source(template: Template, source: str) -> list[str]:
    """Rules that take events of a source, be it by a prefix or because they take everything."""
    found = []
    for name, rule in resources(template, "AWS::Events::Rule").items():
        sources = rule.get("EventPattern", {}).get("source")
        if sources is None and "ScheduleExpression" not in rule:
            found.append(name)
        for wanted in sources or ():
            if wanted == source or (isinstance(wanted, dict) and source.startswith(wanted.get("prefix", "\0"))):
                found.append(name)
    return found


def unsafe_subscriptions(template: Template) -> list[str]:
    """Rules whose events could be lost unseen: not by a queue, or without dead letters, or without an alarm on them."""
    queues = resources(template, "AWS::SQS::Queue")
    alarmed = {
        dimension["Value"]["Fn::GetAtt"][0]
        for alarm in resources(template, "AWS::CloudWatch::Alarm").values()
        for dimension in alarm.get("Dimensions", ())
        if dimension["Name"] == "QueueName"
    }
    wrong = []
    for name, rule in resources(template, "AWS::Events::Rule").items():
        for target in rule.get("Targets", ()):
            queue = queues.get(_logical_id(target["Arn"]))
            if queue is None:
                wrong.append(f"{name}: its target is no queue of this stack")
            elif "RedrivePolicy" not in queue or "DeadLetterConfig" not in target:
                wrong.append(f"{name}: what can't be handled or delivered has no dead-letter queue")
            elif _logical_id(queue["RedrivePolicy"]["deadLetterTargetArn"]) not in alarmed:
                wrong.append(f"{name}: nobody is alarmed by its dead letters")
    return wrong


def _logical_id(value: Any) -> str:
    return str(value["Fn::GetAtt"][0]) if isinstance(value, dict) and "Fn::GetAtt" in value else flat(value)
