"""The systems that the console shows: one for each stage of the engine that commands talk to.

An engine may go away and come back, elsewhere even: then everything is looked for anew.
"""

import time
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
from takeaway.run.console.story import Run
from takeaway.run.console.traffic import Traffic
from takeaway.run.engine.kinds import EngineKind

STAGES = 8  # that are looked at at once
STACKS_GOOD_FOR = 30  # times as long as what is steady
PAUSE, PAUSE_ON_AWS = 0.3, 3.0  # seconds between two looks at the journal
STEADY, STEADY_ON_AWS = 1.0, 6.0  # and at what nobody tells of: states, queues


class Watched:
    """A stage's system, found on first use and again after a failure."""

    def __init__(self, find: Callable[[], Target], stage: str) -> None:
        self.stage = stage
        self._find = find
        self._system: System | None = None
        self._found_at = 0.0
        self.once = Once()
        self.traffic = Traffic()
        self.run: Run | None = None  # the story that is played there, or was
        on_aws = find().traits.kind is EngineKind.AWS
        self.steady = STEADY_ON_AWS if on_aws else STEADY
        self.feed = Feed(self.system, pause=PAUSE_ON_AWS if on_aws else PAUSE)

    def system(self) -> System:
        """What is deployed is looked at again from time to time: whoever is new appears by itself."""
        system = self._system
        if system is None:
            target = replace(self._find(), stage=self.stage, _clients={})
            target.traits  # noqa: B018 - a short question, so that nobody waits long for an engine that is gone
            system = self._renewed(System(target))
        elif time.monotonic() - self._found_at > self.steady * STACKS_GOOD_FOR:
            system = self._renewed(System(system.target))
        return system

    def _renewed(self, system: System) -> System:
        self._system = None
        system.stacks  # noqa: B018 - nothing works without
        self._system, self._found_at = system, time.monotonic()
        return system

    @property
    def is_idle(self) -> bool:
        return not (self.feed.is_watched or self.traffic.is_running)

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
        """Raises NotHere for what is no stage's name, and where one more would be too many."""
        if stage not in self._watched:
            if not is_stage(stage):
                raise NotHere(f"There is no stage “{stage[:64]}”.")
            idle = next((name for name, each in self._watched.items() if each.is_idle), None)
            if len(self._watched) >= STAGES and not (idle and self._watched.pop(idle)):
                raise NotHere(f"This console shows {STAGES} stages already: close the page of one.")
            self._watched[stage] = Watched(self._find, stage)
        return self._watched[stage]

    def end(self) -> None:
        """Whatever was begun from the pages; nobody orders any more, and what was broken on purpose is mended."""
        for each in self._watched.values():
            each.traffic.stop()
        for each in self._watched.values():
            each.traffic.end()
            if each.run:
                each.run.end()


def attempted(watched: Watched, ask: Callable[[System], Any]) -> Any:
    """What comes of it; after a failure of the engine the next one looks for it anew."""
    try:
        return ask(watched.system())
    except (BotoCoreError, ClientError, OSError):
        watched.lost()
        raise
