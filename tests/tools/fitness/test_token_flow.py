"""A task token may be read, looked at and given back; any other use of it is reported."""

import ast

import pytest

from takeaway.check.fitness.token_flow import TokenFlow

ADAPTERS = """
def waiting_token(item, wait): return item.get(f"{wait}_token")
def resume(token): client.send_task_success(taskToken=token, output="{}")
"""
SOUND = """
def wake_up(ports):
    token = ports.orders.waiting_token("item")
    if token:
        ports.workflow.resume(token, {})
"""


def leaks(commands: str = SOUND, adapters: str = ADAPTERS, **modules: str) -> list[tuple[str, str]]:
    sources = {"orders.commands": commands, "orders.adapters": adapters, **modules}
    parsed = {name: ast.parse(source) for name, source in sources.items()}
    return TokenFlow(parsed, frozenset({"decision_token"})).leaks


def test_reading_looking_and_giving_back_is_no_leak() -> None:
    assert leaks() == []
    assert leaks("def wake_up(ports):\n    ports.workflow.resume(ports.orders.waiting_token('x'))") == []
    assert (
        leaks("def wake_up(p):\n    token = p.waiting_token('x')\n    return None if not token else p.resume(token)")
        == []
    )


@pytest.mark.parametrize(
    "use",
    [
        "print(token)",
        "return token",
        "return token or ''",
        "return token if ports else None",
        "shown = {'token': token}",
        "text = f'{token}'",
        "other = token",
        "self.token = token",
        "ports.workflow.resume('x', {'t': token})",
        "yield token",
    ],
)
def test_any_other_use_is_told_with_its_place(use: str) -> None:
    [(module, what)] = leaks(f"{SOUND}    {use}\n")
    assert module == "orders.commands"
    assert what.startswith("wake_up: the token goes into `")


def test_an_adapter_that_does_more_with_it_than_the_callback_is_told() -> None:
    adapters = ADAPTERS.replace("client.send", "log(token); client.send")
    assert leaks(adapters=adapters) == [("orders.adapters", "resume: uses token for more than the callback")]


def test_a_module_that_knows_the_attribute_is_told() -> None:
    told = leaks(**{"orders.views": "FIELDS = ['decision_token']"})
    assert {module for module, _ in told} == {"orders.views"}
