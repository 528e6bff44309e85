"""Tell what a deployment of one stack has changed: settings with their values, other resources by name."""

from collections.abc import Iterator, Mapping
from typing import Any

from shared.said_by_stacks import SETTINGS
from takeaway.run.client.target import Target

Template = Mapping[str, Any]
FUNCTION = "AWS::Lambda::Function"


def deployed(target: Target, stack: str) -> Template:
    """Return the template of a stack as it is deployed now."""
    body: Template = target.client("cloudformation").get_template(StackName=stack)["TemplateBody"]
    return body


def told(before: Template, after: Template) -> Iterator[str]:
    """Yield a line for each difference between two templates."""
    yield from _settings(_said(before), _said(after))
    yield from _resources(before["Resources"], after["Resources"])


def _said(template: Template) -> Mapping[str, str]:
    said: Mapping[str, str] = template.get("Metadata", {}).get(SETTINGS, {})
    return said


def _settings(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[str]:
    for name in (*after, *(before.keys() - after.keys())):
        old, new = before.get(name), after.get(name)
        if old is None:
            yield f"{name}: {new}, new"
        elif new is None:
            yield f"{name}: {old}, gone"
        elif old != new:
            yield f"{name} {old} → {new}"


def _resources(before: Template, after: Template) -> Iterator[str]:
    recoded = []
    for id_ in sorted(before.keys() | after.keys()):
        old, new = before.get(id_), after.get(id_)
        if old is None:
            yield f"{_named(id_, after[id_])} added"
        elif new is None:
            yield f"{_named(id_, before[id_])} removed"
        elif changed := sorted(_differing(old.get("Properties", {}), new.get("Properties", {}))):
            if old["Type"] == FUNCTION and changed == ["Code"]:
                recoded.append(_named(id_, new))
            else:
                yield f"{_named(id_, new)}: {', '.join(changed)}"
    if recoded:  # one line for all, because most functions share a bundle
        more = f" and {len(recoded) - 1} more" if len(recoded) > 1 else ""
        yield f"{recoded[0]}{more}: other code"


def _differing(old: Template, new: Template) -> Iterator[str]:
    yield from (key for key in old.keys() | new.keys() if old.get(key) != new.get(key))


def _named(id_: str, resource: Template) -> str:
    """Name a resource by its type and its name on the engine, or else its logical id."""
    named = [value for key, value in resource.get("Properties", {}).items() if key.endswith("Name")]
    name = next((value for value in named if isinstance(value, str)), id_)
    return f"{resource['Type'].removeprefix('AWS::').replace('::', ' ')} {name}"
