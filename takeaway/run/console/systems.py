"""Find the systems that the console shows: one for each stage of the engine that commands talk to.

An engine may be stopped and started again on another port, so after a failure everything is looked up anew.
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
from takeaway.run.console.shared_answers import Once
from takeaway.run.console.story import Run
from takeaway.run.console.traffic import Traffic
from takeaway.run.engine.kinds import EngineKind

STAGES = 8  # the most stages shown at once
STACKS_GOOD_FOR = 10  # stacks, and what is deployed in them, are read again after so many times `steady`
PAUSE, PAUSE_ON_AWS = 0.3, 3.0  # seconds between two reads of the journal
STEADY, STEADY_ON_AWS = 1.0, 6.0  # seconds between two reads of what no event tells: states, queues


class Watched:
    """The system of a stage, looked up on first use and again after a failure."""

    def __init__(self, find: Callable[[], Target], stage: str) -> None:
        self.stage = stage
        self._find = find
        self._system: System | None = None
        self._found_at = 0.0
        self.once = Once()
        self.traffic = Traffic()
        self.run: Run | None = None  # the story that is or was played there
        on_aws = find().traits.kind is EngineKind.AWS
        self.steady = STEADY_ON_AWS if on_aws else STEADY
        self.feed = Feed(self.system, pause=PAUSE_ON_AWS if on_aws else PAUSE)

    def system(self) -> System:
        """Return the system; its stacks are read again from time to time, so that new contexts appear."""
        system = self._system
        if system is None:
            target = replace(self._find(), stage=self.stage, _clients={})
            target.traits  # noqa: B018 - fails fast if the engine is gone
            system = self._renewed(System(target))
        elif time.monotonic() - self._found_at > self.steady * STACKS_GOOD_FOR:
            system = self._renewed(System(system.target))
        return system

    def _renewed(self, system: System) -> System:
        self._system = None
        system.stacks  # noqa: B018 - reads the stacks now, so that errors appear here
        self._system, self._found_at = system, time.monotonic()
        return system

    @property
    def is_idle(self) -> bool:
        return not (self.feed.is_watched or self.traffic.is_running)

    def lost(self) -> None:
        """Forget the system and what is known of it, so that the next use looks everything up anew."""
        self._system, self.once = None, Once()


class Systems:
    """The watched systems by stage; `find` resolves the target as every command does."""

    def __init__(self, find: Callable[[], Target], default: str) -> None:
        self.default = default
        self._find = find
        self._watched: dict[str, Watched] = {}

    def of(self, stage: str) -> Watched:
        """Return the watched system of a stage. Raises NotHere for an invalid name, and when there are too many."""
        if stage not in self._watched:
            if not is_stage(stage):
                raise NotHere(f"There is no stage “{stage[:64]}”.")
            idle = next((name for name, each in self._watched.items() if each.is_idle), None)
            if len(self._watched) >= STAGES and not (idle and self._watched.pop(idle)):
                raise NotHere(f"This console shows {STAGES} stages already: close the page of one.")
            self._watched[stage] = Watched(self._find, stage)
        return self._watched[stage]

    def end(self) -> None:
        """End what pages have begun: traffic stops, and stories restore what they have broken."""
        for each in self._watched.values():
            each.traffic.stop()
        for each in self._watched.values():
            each.traffic.end()
            if each.run:
                each.run.end()


def attempted(watched: Watched, ask: Callable[[System], Any]) -> Any:
    """Return what `ask` returns; if the engine fails, forget the system, so that it is looked up anew."""
    try:
        return ask(watched.system())
    except (BotoCoreError, ClientError, OSError):
        watched.lost()
        raise
