"""All resources of the templates, with references replaced by the names of the resources that they mean."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from takeaway.check.templates.stack import NAMES, Template
from takeaway.check.templates.values import PLACEHOLDER


@dataclass(frozen=True)
class Resource:
    """A resource with its logical id; `context` is the context whose stack it is in."""

    context: str
    id: str
    kind: str
    properties: dict[str, Any]

    @property
    def name(self) -> str:
        """The resource's physical name, else its context and logical id."""
        return next((str(self.properties[key]) for key in NAMES if key in self.properties), f"{self.context}-{self.id}")


class Deployed:
    """The resources of all templates of a stage."""

    def __init__(self, templates: Mapping[str, Template]) -> None:
        self._templates = templates
        self.prefix = next(name.rpartition("-")[0] for name in templates)

    @cached_property
    def resources(self) -> list[Resource]:
        return [
            Resource(self.without_stage(stack), id_, each["Type"], self._resolved(stack, each.get("Properties", {})))
            for stack, template in self._templates.items()
            for id_, each in template["Resources"].items()
        ]

    def of(self, kind: str) -> Iterator[Resource]:
        return (each for each in self.resources if each.kind == kind)

    def named(self, kind: str, reference: str) -> Resource:
        """Find a resource by its name, or by an ARN or a URL that ends with it. Raises LookupError."""
        name = reference.removesuffix("/invocations").rpartition("/")[2].rpartition(":")[2]
        for each in self.of(kind):
            if each.name == name:
                return each
        raise LookupError(f"no {kind} {reference}")

    def without_stage(self, name: str) -> str:
        return name.removeprefix(f"{self.prefix}-")

    def definition(self, machine: Resource) -> dict[str, Any]:
        names = machine.properties.get("DefinitionSubstitutions", {})
        text = PLACEHOLDER.sub(lambda found: names.get(found[1], found[0]), machine.properties["DefinitionString"])
        read: dict[str, Any] = json.loads(text)
        return read

    def _resolved(self, stack: str, value: Any) -> Any:
        if isinstance(value, list):
            return [self._resolved(stack, each) for each in value]
        if not isinstance(value, dict):
            return value
        match value:
            case {"Ref": str(id_)}:
                return self._name(stack, id_)
            case {"Fn::GetAtt": [id_, _]}:
                return self._name(stack, id_)
            case {"Fn::Join": [separator, parts]}:
                return str(separator).join(str(self._resolved(stack, part)) for part in parts)
            case _:
                return {key: self._resolved(stack, each) for key, each in value.items()}

    def _name(self, stack: str, id_: str) -> str:
        resource = self._templates[stack]["Resources"].get(id_)
        if not resource:  # a pseudo parameter, such as AWS::Region
            return id_.removeprefix("AWS::").lower()
        properties = {key: each for key, each in resource.get("Properties", {}).items() if isinstance(each, str)}
        return Resource(self.without_stage(stack), id_, resource["Type"], properties).name
