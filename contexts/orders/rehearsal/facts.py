"""The facts of orders, as plain data."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from contexts.orders.adapters.order_item import to_item
from contexts.orders.domain.lifecycle import ChangeType
from contexts.orders.published_events import SOURCE
from contexts.orders.rehearsal.execution import Run
from contexts.orders.rehearsal.journey import Journey, go
from contexts.orders.rehearsal.publications import Publisher, causes, publishers
from contexts.orders.rehearsal.walk import Walk, drafts
from contexts.orders.rehearsal.ways import ways
from contexts.orders.workflow.steps import REQUESTS, STEPS
from contexts.orders.workflow.task import answer_of
from shared.asl.graph import StateMachine

DEFINITION = Path(__file__).parents[1] / "workflow" / "order.asl.json"


def facts() -> dict[str, Any]:
    r"""Return the document that `python -m contexts.orders.rehearsal` prints. Raises NotAWay, asl.NotUnderstood.

    `source`       the source under which orders publishes
    `events`       the types of its events, in the order of an order's life
    `steps`        its functions that are states of the workflow, each with the states that run it
    `requests`     the AWS requests that the workflow may make by itself
    `publishers`   see publications.Publisher; as the workflow goes, the place where a change happens first
    `causes`       for each event those that may have led to it; null: it may be the first
    `transitions`  each pair of states of which one can follow the other
    `before`       for each function an item of the orders table at which it does all that it may ever do
    `ways`         each way of ways.toml, with the result of walking it
    """
    machine = StateMachine.parse(DEFINITION.read_text(encoding="utf-8"))
    journeys = [go(way, machine) for way in ways()]
    walk = Walk(machine, drafts())
    return {
        "source": SOURCE,
        "events": [str(each) for each in ChangeType],
        "steps": {name: {"states": states} for name, states in _states(walk.runs).items()},
        "requests": REQUESTS,
        "publishers": [asdict(each) for each in _in_order_of(machine, publishers(walk.runs))],
        "causes": causes(walk.runs),
        "transitions": sorted(walk.steps),
        "before": _before(walk.runs),
        "ways": {journey.way.name: _way(journey) for journey in journeys},
    }


def _in_order_of(machine: StateMachine, places: list[Publisher]) -> list[Publisher]:
    """Sort the places as the workflow goes: its main path first, functions beside the workflow last."""
    main = machine.main_path()
    states: list[str | None] = [*main, *(name for name in machine.states if name not in main), None]
    return sorted(places, key=lambda place: (not place.records, states.index(place.state), place.function))


def _states(runs: Iterable[Run]) -> dict[str, list[str]]:
    found: dict[str, set[str]] = {name: set() for name in STEPS}
    for run in runs:
        if run.state:
            found[run.function].add(run.state)
    return {name: sorted(states) for name, states in found.items()}


def _before(runs: Iterable[Run]) -> dict[str, Any]:
    best: dict[str, Run] = {}
    for run in runs:
        if run.done and (run.function not in best or len(run.used) > len(best[run.function].used)):
            best[run.function] = run
    return {function: to_item(run.before) for function, run in sorted(best.items())}


def _way(journey: Journey) -> dict[str, Any]:
    """Describe the walk of one way.

    `does` has, by waiting state, the call, when it comes, and the output that wakes the workflow up. `answers` has
    those of each function's calls, in their order. `ends` is the status of the execution, `status` that of the order,
    `events` the types of the published events.
    """
    way, answers = journey.way, defaultdict(list)
    for run in journey.runs:
        answers[run.function].append(answer_of(run.after))
    return {
        "order": way.order,
        "does": {state: {**asdict(act), **asdict(journey.wakes[state])} for state, act in way.does.items()},
        "fails": sorted(way.fails),
        "stops": way.stops,
        "states": journey.states,
        "ends": journey.ends,
        "status": journey.order.status,
        "events": [event.type for event in journey.events],
        "answers": answers,
    }
