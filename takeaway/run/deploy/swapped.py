"""Swap functions' code and workflows' definitions on an engine past CloudFormation, as `takeaway dev` does.

A template that names the same bundle as before is no change for CloudFormation, so a deployment would leave swapped
code in place. Each swap is therefore recorded, and the next deployment restores what it has not changed itself.
"""

from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any, TypedDict

from takeaway import programs
from takeaway.errors import EngineError
from takeaway.run.client.target import Target
from takeaway.run.deploy.assembly import Assembly
from takeaway.waiting import await_until

SWAPPED = "swapped"  # the key in a deployment's record
AT_ONCE = 4
READY_SECONDS = 30.0  # until a function has its new code


class Before(TypedDict):
    """The code of a function, or the definition of a state machine, that CloudFormation believes to be deployed."""

    made_of: str  # a function's bundle, or a state machine's definition in the template
    definition: str  # a state machine's definition with its placeholders filled in


def functions(target: Target, builders: Mapping[str, Sequence[str]], bundle: bytes) -> None:
    """Give functions a new bundle, and return when calls run it.

    `builders` are the commands that built the deployed bundles, by function. Raises EngineError if it fails.
    """
    _write_down(target, {name: Before(made_of=_bundle(each), definition="") for name, each in builders.items()})
    _put(target, builders, bundle)


def machine(target: Target, name: str, template: Mapping[str, Any], definition: str) -> None:
    """Give a state machine another definition; running executions keep theirs."""
    before = Before(made_of=template["DefinitionString"], definition=definition_of(target, name))
    _write_down(target, {name: before})
    _define(target, name, definition)


def definition_of(target: Target, name: str) -> str:
    """Return a state machine's definition on the engine, with the template's placeholders filled in."""
    described = target.client("stepfunctions").describe_state_machine(stateMachineArn=_arn_of(target, name))
    return str(described["definition"])


def put_right(target: Target, assembly: Assembly) -> None:
    """Restore swapped code and definitions that a deployment of these stacks has not replaced."""
    swapped: dict[str, Before] = target.deployed().get(SWAPPED, {})
    here = {name: each for name, each in swapped.items() if name in assembly.functions or name in assembly.machines}
    unchanged: dict[tuple[str, ...], list[str]] = {}  # functions by the command that builds their bundle
    for name, before in here.items():
        if builder := assembly.functions.get(name):
            if before["made_of"] == _bundle(builder):
                unchanged.setdefault(tuple(builder), []).append(name)
        elif before["made_of"] == assembly.machines[name]["DefinitionString"]:
            _define(target, name, before["definition"])
    for command, names in unchanged.items():
        done = programs.done(command, what=f"building the code of {names[0]}")
        done.check_returncode()
        _put(target, names, Path(done.stdout.strip()).read_bytes())
    if here:
        _remember(target, {name: each for name, each in swapped.items() if name not in here})


def _write_down(target: Target, before: Mapping[str, Before]) -> None:
    """Record what is deployed, before the first swap; later swaps keep the first record."""
    _remember(target, {**before, **target.deployed().get(SWAPPED, {})}, fingerprint=None)


def _remember(target: Target, swapped: Mapping[str, Before], **more: None) -> None:
    facts = {**target.deployed(), SWAPPED: swapped, **more}
    target.home.remember_deployed(target.stage, str(target.endpoint), facts)


def _put(target: Target, names: Collection[str], bundle: bytes) -> None:
    """Update the functions' code, and wait until it is active. Raises EngineError if that fails."""
    client = target.client("lambda")

    def put(name: str) -> None:
        client.update_function_code(FunctionName=name, ZipFile=bundle)

    def is_ready(name: str) -> bool:
        status = client.get_function_configuration(FunctionName=name).get("LastUpdateStatus", "Successful")
        if status == "Failed":
            raise EngineError(f"{name} could not be given its new code: see the engine's log.")
        return bool(status == "Successful")

    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(put, names))
    for name in names:
        what = f"waiting until {name} has its new code"
        if not await_until(partial(is_ready, name), seconds=READY_SECONDS, what=what):
            raise EngineError(f"{name} has not got its new code after {READY_SECONDS:.0f} seconds.")
        for alias in client.list_aliases(FunctionName=name)["Aliases"]:  # calls reach a version, which keeps its code
            version = client.publish_version(FunctionName=name)["Version"]
            client.update_alias(FunctionName=name, Name=alias["Name"], FunctionVersion=version)


def _define(target: Target, name: str, definition: str) -> None:
    arn = _arn_of(target, name)
    target.client("stepfunctions").update_state_machine(stateMachineArn=arn, definition=definition)


def _arn_of(target: Target, name: str) -> str:
    pages = target.client("stepfunctions").get_paginator("list_state_machines").paginate()
    found = (each["stateMachineArn"] for page in pages for each in page["stateMachines"] if each["name"] == name)
    if arn := next(found, None):
        return str(arn)
    raise EngineError(f"There is no state machine {name}: `{target.command('up')}` deploys it.")


def _bundle(builder: Sequence[str]) -> str:
    """Return the file name of the bundle that a command builds; it has the hash of the content."""
    return Path(builder[-2]).name
