"""Rules that no context names or may act on another context's resources."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from takeaway.check.fitness.evidence import Evidence
from takeaway.check.fitness.permissions import Permission, covers, permissions
from takeaway.check.fitness.rule import Finding, Told, check, counted
from takeaway.check.fitness.texts import Exemption, exemption
from takeaway.check.templates.stack import STATE_MACHINE, SUBSCRIPTION, Stack
from takeaway.check.templates.values import flat, references, texts

# By type of resource: its service, the property with its name, and the last part of its ARN.
OWNED = {
    "AWS::DynamoDB::Table": ("dynamodb", "TableName", "table/{}"),
    "AWS::DynamoDB::GlobalTable": ("dynamodb", "TableName", "table/{}"),
    "AWS::Kinesis::Stream": ("kinesis", "Name", "stream/{}"),
    "AWS::Lambda::Function": ("lambda", "FunctionName", "function:{}"),
    "AWS::S3::Bucket": ("s3", "BucketName", "{}"),
    "AWS::SecretsManager::Secret": ("secretsmanager", "Name", "secret:{}"),
    "AWS::SNS::Topic": ("sns", "TopicName", "{}"),
    "AWS::SQS::Queue": ("sqs", "QueueName", "{}"),
    "AWS::SSM::Parameter": ("ssm", "Name", "parameter/{}"),
    "AWS::StepFunctions::StateMachine": ("states", "StateMachineName", "stateMachine:{}"),
}
SSM = "ssm"
# Other rules check these by statement or by state.
ELSEWHERE = ("AWS::IAM::", STATE_MACHINE)
LISTENING = (SUBSCRIPTION, "AWS::SQS::QueuePolicy")  # the resources that an exemption for listening covers


@dataclass(frozen=True)
class Owned:
    stack: str
    service: str
    resource: str


@check("no-foreign-permissions")
def foreign_permissions(evidence: Evidence) -> Iterator[Told]:
    owned = [each for stack in evidence.stacks.values() for each in _owned(stack)]
    for stack in evidence.stacks.values():
        granted = permissions(stack)
        others = [each for each in owned if each.stack != stack.name]
        for permission in granted:
            where = f"{stack.name}: role of {permission.holder}"
            reached = {f"{each.resource} of {each.stack}" for each in others if _reaches(permission, each)}
            if reached:
                yield Finding(where, f"{permission.told} reaches {', '.join(sorted(reached)[:3])}")
            elif permission.acts_on(SSM) and not all(map(references, permission.resources)):
                yield Finding(where, f"{permission.told}: no parameter of its own")
        if granted:
            foreign = f"{counted(others, 'resource')} of other stacks"
            yield f"{stack.name}: {counted(granted, 'permission')}, held against {foreign}"


def _reaches(permission: Permission, owned: Owned) -> bool:
    return permission.acts_on(owned.service) and any(
        covers(flat(resource), owned.service, owned.resource) for resource in permission.resources
    )


def _owned(stack: Stack) -> Iterator[Owned]:
    for kind, (service, key, resource) in OWNED.items():
        for name, properties in stack.of(kind).items():
            # A name that CloudFormation makes begins with the stack's name.
            given = properties.get(key)
            called = flat(given) if given else f"{stack.full_name}-{name}"
            yield Owned(stack.name, service, resource.format(called.lstrip("/")))


@check("no-foreign-names")
def foreign_names(evidence: Evidence) -> Iterator[Told]:
    for stack in evidence.stacks.values():
        others = [other for other in evidence.stacks.values() if other is not stack]
        foreign = {name: other.name for other in others for name in other.names}
        namespaces = {other.full_name: other.name for other in others}
        prefix = stack.full_name.removesuffix(f"-{stack.name}")
        exempt: set[Exemption] = set()
        for place, kind, text in _texts(stack):
            for name, owner in _named(text, foreign, namespaces, own=stack.full_name):
                allowed = exemption("no-foreign-names", stack.name, name, prefix=prefix)
                if allowed and kind in LISTENING:
                    exempt.add(allowed)
                else:
                    yield Finding(f"{stack.name}: {place}", f"names {name}, which {owner} owns")
        yield f"{stack.name}: searched for {counted(foreign, 'name')} of other stacks"
        yield from (each.told for each in exempt)


def _texts(stack: Stack) -> Iterator[tuple[str, str, str]]:
    for name, resource in stack.template["Resources"].items():
        if not resource["Type"].startswith(ELSEWHERE):
            for text in set(texts(resource.get("Properties", {}))):
                yield f"{resource['Type']} {stack.called(name)}", resource["Type"], text
    for section in ("Outputs", "Parameters", "Mappings"):
        for text in set(texts(stack.template.get(section, {}))):
            yield section, section, text


def _named(text: str, names: dict[str, str], namespaces: dict[str, str], *, own: str) -> Iterator[tuple[str, str]]:
    """Yield the names in a text that another stack owns: known names, and names that begin like its stack."""
    for name, owner in names.items():
        if name in text and re.search(rf"(?<![\w.-]){re.escape(name)}(?![\w-])", text):
            yield name, owner
    for namespace, owner in namespaces.items():
        for name in re.findall(rf"(?<![\w.-]){re.escape(namespace)}-[\w-]+", text):
            if name not in names and not name.startswith(f"{own}-") and own != name:
                yield name, owner
