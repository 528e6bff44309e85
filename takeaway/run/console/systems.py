"""The systems that the console shows: one for each stage of the engine that commands talk to.

An engine may go away and come back, elsewhere even: then everything is looked for anew.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from shared.stage_names import is_stage
from takeaway.run.client.system import System
from takeaway.run.client.target import Target
from takeaway.run.console.failures import NotHere
from takeaway.run.console.feed import Feed
from takeaway.run.console.once import Once
from takeaway.run.console.scenarios import Run
from takeaway.run.console.traffic import Traffic
from takeaway.run.engine.kinds import EngineKind

STAGES = 8  # that are looked at in the life of a console
PAUSE, PAUSE_ON_AWS = 0.3, 3.0  # seconds between two looks at the journal
STEADY, STEADY_ON_AWS = 1.0, 6.0  # and at what nobody tells of: states, queues


class Watched:
    """A stage's system, found on first use and again after a failure."""

    def __init__(self, find: Callable[[], Target], stage: str) -> None:
        self.stage = stage
        self._find = find
        self._system: System | None = None
        self.once = Once()
        self.traffic = Traffic()
        self.run: Run | None = None  # the story that is played there, or was
        on_aws = find().traits.kind is EngineKind.AWS
        self.steady = STEADY_ON_AWS if on_aws else STEADY
        self.feed = Feed(self.system, pause=PAUSE_ON_AWS if on_aws else PAUSE)

    def system(self) -> System:
        if self._system is None:
            self._system = System(replace(self._find(), stage=self.stage, _clients={}))
        try:
            self._system.stacks  # noqa: B018 - asked for on first use, and nothing works without
        except BaseException:
            self.lost()
            raise
        return self._system

    def lost(self) -> None:
        """Look for it anew next time."""
        self._system = None


class Systems:
    """`find` resolves the target as every command does."""

    def __init__(self, find: Callable[[], Target], default: str) -> None:
        self.default = default
        self._find = find
        self._watched: dict[str, Watched] = {}

    def of(self, stage: str) -> Watched:
        """Raises NotHere for what is no stage's name, or one too many."""
        if stage not in self._watched:
            if not is_stage(stage) or len(self._watched) >= STAGES:
                raise NotHere(f"There is no stage “{stage}” that this console shows.")
            self._watched[stage] = Watched(self._find, stage)
        return self._watched[stage]


def attempted(watched: Watched, ask: Callable[[System], Any]) -> Any:
    """What comes of it; after a failure of the engine the next one looks for it anew."""
    try:
        return ask(watched.system())
    except (BotoCoreError, ClientError, OSError):
        watched.lost()
        raise
