"""The definition of a state machine: in its file, in the template, and on the engine.

A deployment sets some values of a file (timeouts, retries) and fills in placeholders. Both are learnt from what is
deployed, so that a changed file becomes a changed definition without a synthesis.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shared.asl.graph import Definition
from takeaway.errors import TakeawayError
from takeaway.run.deploy.assembly import Assembly

PLACEHOLDER = re.compile(r"\$\{(\w+)\}")
DEFINITIONS = "*.asl.json"


class NotStatesLanguage(TakeawayError):
    """A file that is no definition."""


class NeedsDeployment(TakeawayError):
    """A change of a definition that only a synthesis can make."""


@dataclass
class Machine:
    """A state machine, and the file that it is made from. `now` is what the engine has of that file.

    `deployed` is the file as its template was made from it, `values` what the engine has for the placeholders in that.
    """

    context: str
    name: str
    file: Path
    deployed: Any
    now: Any
    template: Mapping[str, Any]
    values: Mapping[str, str]

    def made(self, content: Any) -> str:
        """The definition that a deployment would make of a content of the file. Raises NeedsDeployment."""

        def value(found: re.Match[str]) -> str:
            if found[1] not in self.values:
                raise NeedsDeployment(f"{found[0]} is new in {self.file.name}")
            return self.values[found[1]]

        definition = merged(self.deployed, json.loads(self.template["DefinitionString"]), content)
        return json.dumps(_replaced(definition, value))


def parsed(content: bytes, where: str) -> Definition:
    """`where` names it to a person who has to mend it. Raises NotStatesLanguage."""
    try:
        found: Definition = json.loads(content)
    except ValueError as error:
        raise NotStatesLanguage(f"{where}: expected JSON of the States Language: {error}.") from None
    if not isinstance(found, dict) or not isinstance(found.get("States"), dict):
        raise NotStatesLanguage(f"{where}: expected an object with States.")
    return found


def machines_of(assembly: Assembly, files: Iterable[Path], running: Callable[[str], str]) -> list[Machine]:
    """Those of an assembly, each with the file that has its states; `running` tells by a name what that one does."""
    contents = {file: parsed(file.read_bytes(), file.name) for file in files}
    found = []
    for name, template in assembly.machines.items():
        said = json.loads(template["DefinitionString"])
        values = dict(_values(said, json.loads(running(name))))
        for file, content in contents.items():
            if content["States"].keys() == said["States"].keys():
                found.append(Machine(assembly.context_of(name), name, file, content, content, template, values))
    return found


def merged(before: Any, deployed: Any, now: Any) -> Any:
    """What a deployment made of `before`, made of `now`. Raises NeedsDeployment where both changed the same."""
    if before in (now, deployed):
        return deployed if before == now else now
    if all(isinstance(each, dict) for each in (before, deployed, now)):
        added = {key: value for key, value in deployed.items() if key not in before and key not in now}
        kept = {key: value for key, value in now.items() if key not in before or key in deployed}
        return added | {
            key: merged(before[key], deployed[key], value) if key in before else value for key, value in kept.items()
        }
    if all(isinstance(each, list) and len(each) == len(before) for each in (before, deployed, now)):
        return [merged(*each) for each in zip(before, deployed, now, strict=True)]
    raise NeedsDeployment(f"{json.dumps(before)} is {json.dumps(deployed)} in this deployment")


def _values(template: Any, running: Any) -> Iterator[tuple[str, str]]:
    """What stands in a running definition where the template has a placeholder."""
    if isinstance(template, dict) and isinstance(running, dict):
        for key in template.keys() & running.keys():
            yield from _values(template[key], running[key])
    elif isinstance(template, list) and isinstance(running, list):
        for each in zip(template, running, strict=False):
            yield from _values(*each)
    elif isinstance(template, str) and isinstance(running, str):
        parts = PLACEHOLDER.split(template)  # text and names in turn
        pattern = "".join(re.escape(part) if number % 2 == 0 else "(.*)" for number, part in enumerate(parts))
        if found := re.fullmatch(pattern, running, re.DOTALL):
            yield from zip(parts[1::2], found.groups(), strict=True)


def _replaced(definition: Any, value: Any) -> Any:
    if isinstance(definition, dict):
        return {key: _replaced(each, value) for key, each in definition.items()}
    if isinstance(definition, list):
        return [_replaced(each, value) for each in definition]
    return PLACEHOLDER.sub(value, definition) if isinstance(definition, str) else definition
