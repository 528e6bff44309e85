"""The systems that the console shows: what is known of one is forgotten when its engine fails."""

import time
from typing import cast

import pytest

from takeaway.run.client.system import System
from takeaway.run.client.target import Target
from takeaway.run.console.systems import Watched, attempted
from takeaway.run.engine.home import Home
from takeaway.run.engine.kinds import EngineKind, traits_of


@pytest.fixture
def watched(home: Home) -> Watched:
    target = Target(home, endpoint="http://here")
    target.__dict__["traits"] = traits_of(EngineKind.MINISTACK)
    found = Watched(lambda: target, "dev")
    found._system, found._found_at = System(target), time.monotonic()
    return found


def test_rooms_of_a_context_that_is_gone_are_looked_up_anew_after_its_queue_was_missed(watched: Watched) -> None:
    def rooms(deployed: list[str]) -> list[str]:
        return cast(list[str], watched.once("deployed", lambda: deployed, good_for=60))

    def queue_is_gone(_: System) -> None:
        raise ConnectionError("NonExistentQueue")

    assert rooms(["analytics", "promotions"]) == ["analytics", "promotions"]
    assert rooms(["promotions"]) == ["analytics", "promotions"]
    with pytest.raises(ConnectionError):
        attempted(watched, queue_is_gone)
    assert rooms(["promotions"]) == ["promotions"]
