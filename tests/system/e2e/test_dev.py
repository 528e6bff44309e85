"""`takeaway dev`: the engine runs the code that is edited in a checkout, and the next deployment restores it."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any

import pytest

from takeaway.run.client.system import System
from takeaway.run.client.target import Target
from takeaway.run.deploy import swapped
from takeaway.run.deploy.up import bring_up
from tests.conftest import Silent
from tests.fakes.engines import patiently
from tests.system.e2e.conftest import TEAMS
from tests.system.e2e.test_interrupts import heeds_interrupts
from tools.copies import copy_repository

pytestmark = [pytest.mark.engine, pytest.mark.own_stage]
HANDLER = "contexts/promotions/handlers/issue_voucher.py"
WORKFLOW = "contexts/orders/workflow/order.asl.json"
FUNCTION, MACHINE = "takeaway-teams-promotions-issue-voucher", "takeaway-teams-orders"


@dataclass
class Developer:
    """A developer who edits a checkout, and reads the output of the command."""

    checkout: Path
    said: SimpleQueue[str]

    def edits(self, file: str, change: Callable[[str], str]) -> None:
        path = self.checkout / file
        before = path.read_text()
        path.write_text(change(before))
        assert path.read_text() != before

    def reads(self, words: str) -> str:
        """Return the first line with these words, skipping those before it."""
        lines = []
        try:
            while words not in (line := self.said.get(timeout=patiently(60))):
                lines.append(line)
        except Empty:
            raise AssertionError(f"not said: {words!r}, but {lines}") from None
        return line


@pytest.fixture
def developer(teams: System, tmp_path: Path) -> Iterator[Developer]:
    checkout = copy_repository(tmp_path / "my checkout")
    target = teams.target
    environment = {**os.environ, **target.environment(), "TAKEAWAY_HOME": str(target.home.folder)}
    running = subprocess.Popen(
        [sys.executable, "-m", "takeaway", "dev", "--stage", target.stage],
        cwd=checkout,
        env=environment | {"PYTHONPATH": str(checkout)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        preexec_fn=heeds_interrupts,  # noqa: PLW1509 - a test run in the background ignores Ctrl-C
    )
    said = SimpleQueue[str]()
    assert running.stdout
    reader = Thread(target=lambda: [said.put(line) for line in running.stdout or ()])
    reader.start()
    try:
        someone = Developer(checkout, said)
        someone.reads("Watching")
        yield someone
        running.send_signal(signal.SIGINT)
        someone.reads("goes on with what it has")
        assert running.wait(timeout=30) == 0
    finally:
        running.kill()
        running.wait()
        reader.join()


def code_of(target: Target) -> str:
    return str(target.client("lambda").get_function_configuration(FunctionName=FUNCTION)["CodeSha256"])


def definition_of(target: Target) -> dict[str, Any]:
    definition: dict[str, Any] = json.loads(swapped.definition_of(target, MACHINE))
    return definition


def test_a_change_is_on_the_engine_without_a_deployment_and_the_next_one_puts_it_right(
    developer: Developer, target: Target
) -> None:
    code, definition = code_of(target), definition_of(target)
    cloudformation = target.client("cloudformation")
    events = len(cloudformation.describe_stack_events(StackName=f"{target.prefix}-promotions")["StackEvents"])

    developer.edits(HANDLER, lambda text: text + "def (\n")
    developer.reads(f"not brought: {HANDLER}, line")
    assert code_of(target) == code

    developer.edits(HANDLER, lambda text: text.replace("def (\n", "CHANGED = True\n"))
    developer.reads("promotions: 1 function has the new code")
    assert code_of(target) != code

    developer.edits(WORKFLOW, lambda text: text.replace('"MaxDelaySeconds": 30', '"MaxDelaySeconds": 29'))
    developer.reads(f"orders: {MACHINE} has the new definition")
    changed = json.dumps(definition).replace('"MaxDelaySeconds": 30', '"MaxDelaySeconds": 29')
    assert definition_of(target) == json.loads(changed) != definition

    developer.edits("shared/infrastructure/watched.py", lambda text: text + "# looked at\n")
    developer.reads("shared/infrastructure/watched.py: more than one context is made from it, so it needs `takeaway up")
    after = cloudformation.describe_stack_events(StackName=f"{target.prefix}-promotions")["StackEvents"]
    assert len(after) == events

    bring_up(target, TEAMS, Silent())  # deploys this folder again, in which nothing was edited
    assert (code_of(target), definition_of(target)) == (code, definition)


def test_what_a_template_is_made_from_is_deployed_by_the_app_of_its_context(
    developer: Developer, target: Target
) -> None:
    developer.edits(
        "contexts/promotions/voucher_policy.toml", lambda text: text.replace("percent = 10", "percent = 15")
    )
    developer.reads("promotions: 1 function has the new code")
    developer.reads("promotions: EUR 10 % → 15 %")
    developer.reads("promotions: deployed by its own app")
    template = target.client("cloudformation").get_template(StackName=f"{target.prefix}-promotions")["TemplateBody"]
    assert template["Metadata"]["Settings"]["EUR"] == "15 %"
