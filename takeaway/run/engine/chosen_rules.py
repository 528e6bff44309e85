"""Deliver a replay to the rules that it names, and to no other.

Imported by the engine's own interpreter: the standard library only.
"""

import inspect
from collections.abc import Callable
from typing import Any

from takeaway.run.engine.mending import expected_once, put_around

REPLAY_KEEPS_ITS_DESTINATION = '"Destination": dest,'
REPLAYED_EVENT_NAMES_ITS_REPLAY = 'replayed["ReplayName"] = name'


def replay_to_chosen_rules(bus: Any) -> None:
    """Deliver a replayed event only to the rules that its replay's destination names."""
    source = inspect.getsource(bus._start_replay)
    expected_once(source, REPLAY_KEEPS_ITS_DESTINATION)
    expected_once(source, REPLAYED_EVENT_NAMES_ITS_REPLAY)

    def invoke_if_chosen(invoke: Callable[..., Any], target: Any, event: Any, rule: Any, *args: Any) -> Any:
        replay = bus._replays.get(event["ReplayName"]) if event.get("ReplayName") else None
        destination = replay["Destination"] if replay else {}
        # An event that a chosen rule forwards to another bus goes to all rules of that bus.
        is_there = destination.get("Arn", "").endswith(f":event-bus/{rule['EventBusName']}")
        if is_there and destination.get("FilterArns") and rule["Arn"] not in destination["FilterArns"]:
            return None
        return invoke(target, event, rule, *args)

    put_around(bus, "_invoke_target", invoke_if_chosen)
