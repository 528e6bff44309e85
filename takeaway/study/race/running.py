"""Play one order in each system by its customer and its restaurant, and follow its journey meanwhile."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

from takeaway.errors import TakeawayError
from takeaway.run.client.guesses import guesses
from takeaway.run.client.journey import Moment, Traces, timeline
from takeaway.run.client.people import People
from takeaway.run.client.workflow import RUNNING
from takeaway.study.compare.all_four import AllFour
from takeaway.study.compare.contender import CONFIRMED, TOLD, Contender
from takeaway.study.race.cast import Cast
from takeaway.wiring import Wiring

LOOK_SECONDS = 0.4
QUIET_SECONDS = 3.0  # the race ends after so long without news, unless a deadline is still to come


@dataclass
class Lane:
    """The order's journey in one system, as far as it is known."""

    contender: Contender
    order_id: str = ""
    moments: list[Moment] = field(default_factory=list)
    traces: Traces = field(default_factory=Traces)
    failed: str = ""

    @property
    def status(self) -> str:
        return self.contender.system.kept(self.order_id).status if self.order_id else ""

    @property
    def known(self) -> Iterator[str]:
        """Sentences about what this system knows of the order, and what it can't know."""
        system = self.contender.system
        if self.failed:
            yield self.failed
        if not self.order_id:
            return
        if system.has_workflow:
            states = [step.name for step in self.traces.steps if not step.is_end]
            running = self.contender.execution(self.order_id) == RUNNING
            where = "it waits in" if running else "it ended after"
            yield (
                f"One history tells its way through {len(states)} states: {where} “{states[-1]}”."
                if states
                else "No history yet."
            )
        else:
            yield from guesses(system.order(self.order_id), self.traces)
        heard = any(moment.actor == "bus" for moment in self.moments)
        for context, known in self.traces.known.items():
            for trace in known.traces:
                yield f"{context}, {'which heard of it' if heard else 'which was called'}: {trace.what}."
        if not heard:
            yield "Nothing was published: a neighbour knows what the workflow tells it by name."


Told = Callable[[Mapping[Wiring, Lane]], None]


def race(four: AllFour, cast: Cast, told: Told, *, seconds: float) -> Mapping[Wiring, Lane]:
    """Play until it is over everywhere, or the time is up; `told` gets the lanes again and again."""
    lanes = {wiring: Lane(contender) for wiring, contender in four.items()}
    stop = threading.Event()
    with ThreadPoolExecutor(2 * len(lanes)) as pool:
        lives = [pool.submit(_live, lane, cast) for lane in lanes.values()]
        looks = [pool.submit(_look, lane, stop) for lane in lanes.values()]
        try:
            _watch(lanes, lives, told, time.monotonic() + seconds)
        finally:
            stop.set()
        for task in (*lives, *looks):
            task.result()
    told(lanes)
    return lanes


def _watch(
    lanes: Mapping[Wiring, Lane],
    lives: Sequence["Future[None]"],
    told: Told,
    deadline: float,
) -> None:
    quiet_since, before = time.monotonic(), -1
    while time.monotonic() < deadline:
        told(lanes)
        seen = sum(len(lane.moments) for lane in lanes.values())
        if seen != before or not all(life.done() for life in lives):
            quiet_since, before = time.monotonic(), seen
        if time.monotonic() - quiet_since > QUIET_SECONDS and not any(_is_moving(lane) for lane in lanes.values()):
            return
        time.sleep(LOOK_SECONDS)


def _is_moving(lane: Lane) -> bool:
    """True if an execution runs, so that at least its deadline is still to come."""
    return bool(lane.order_id) and lane.contender.execution(lane.order_id) == RUNNING


def _live(lane: Lane, cast: Cast) -> None:
    """Let people act as the story says, each as soon as they know of the order."""
    contender = lane.contender
    people = People(contender.system, cast.order, cast.customer_id, cast.reason, name=cast.name, email=cast.email)
    try:
        lane.order_id = people.place()
        for number, call in enumerate(cast.calls):
            contender.comes(lane.order_id, CONFIRMED if number else TOLD)
            people.act(call, lane.order_id)
        if cast.is_stopped and contender.system.has_workflow:
            contender.comes(lane.order_id, TOLD)
            contender.system.workflow.stop(lane.order_id, why="an operator tries what happens")
    except TakeawayError as error:
        lane.failed = str(error)


def _look(lane: Lane, stop: threading.Event) -> None:
    while not stop.wait(LOOK_SECONDS):
        if lane.order_id:
            lane.traces = lane.contender.system.traces(lane.order_id, search=False)
            lane.moments = timeline(lane.traces)
