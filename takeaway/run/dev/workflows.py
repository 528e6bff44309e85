"""Make a state machine's definition from a changed file, without a synthesis.

A deployment changes some values of the file (timeouts, retries) and fills in placeholders. Both are learnt by comparing
the file with the template, and the template with the definition on the engine.
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
    """Raised for a file that is not a definition in the Amazon States Language."""


class NeedsDeployment(TakeawayError):
    """Raised for a change that needs a synthesis."""


@dataclass
class Machine:
    """A state machine and its file. `now` is the file's content that the engine has.

    `deployed` is the content that the template was made from, `values` the values of its placeholders on the engine.
    """

    context: str
    name: str
    file: Path
    deployed: Any
    now: Any
    template: Mapping[str, Any]
    values: Mapping[str, str]

    def made(self, content: Any) -> str:
        """Make the definition that a deployment would make of this content. Raises NeedsDeployment if it can't."""

        def value(found: re.Match[str]) -> str:
            if found[1] not in self.values:
                raise NeedsDeployment(f"{found[0]} is new in {self.file.name}")
            return self.values[found[1]]

        definition = merged(self.deployed, json.loads(self.template["DefinitionString"]), content)
        return json.dumps(_replaced(definition, value))


def parsed(content: bytes, where: str) -> Definition:
    """Read a definition. Raises NotStatesLanguage, which names it as `where`, for anything else."""
    try:
        found: Definition = json.loads(content)
    except ValueError as error:
        raise NotStatesLanguage(f"{where}: expected JSON of the States Language: {error}.") from None
    if not isinstance(found, dict) or not isinstance(found.get("States"), dict):
        raise NotStatesLanguage(f"{where}: expected an object with States.")
    return found


def machines_of(assembly: Assembly, files: Iterable[Path], running: Callable[[str], str]) -> list[Machine]:
    """Pair each state machine of an assembly with the file that has the same states.

    `running` returns the definition on the engine by name.
    """
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
    """Apply to `now` the changes that a deployment made to `before`: a three-way merge.

    Raises NeedsDeployment where both changed the same value.
    """
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
    """Yield each placeholder of the template with its value in the running definition."""
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
