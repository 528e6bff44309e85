"""Goes one way of ways.toml from its beginning to its end, and closes the order if the execution did not."""

from dataclasses import dataclass, field

from contexts.orders.domain.order import Order
from contexts.orders.domain.refusals import Refusal
from contexts.orders.published_events import Event
from contexts.orders.rehearsal.execution import BESIDE_THE_WORKFLOW, Moment, Outcome, Run, outcomes, runs, waits_for
from contexts.orders.rehearsal.people import CALLS, draft
from contexts.orders.rehearsal.ways import NotAWay, Way
from shared.asl.graph import END, STOPPED, SUCCEEDED, StateMachine, ends


@dataclass(frozen=True)
class Wake:
    """The call that ended a waiting state: the attribute that the state waited for, and its value."""

    wait: str
    outcome: str


@dataclass
class Journey:
    """The record of one way.

    `ends` is the status of the execution, `runs` has the runs of functions in their order, `wakes` the call that ended
    each waiting state.
    """

    way: Way
    order: Order
    ends: str = SUCCEEDED
    states: list[str] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)
    wakes: dict[str, Wake] = field(default_factory=dict)

    @property
    def events(self) -> list[Event]:
        """Each published event once, in the order of their first publication."""
        return list({event.event_id: event for run in self.runs for event in run.published}.values())


def go(way: Way, machine: StateMachine) -> Journey:
    """Walk a way through the machine. Raises NotAWay if the execution enters other states than the way says."""
    journey = Journey(way, draft(way.order))
    moment = Moment(machine.start, journey.order)
    while moment.state != END:
        state = machine.states[moment.state]
        journey.states.append(moment.state)
        if ended := STOPPED if moment.state == way.stops else ends(state):
            journey.ends = ended
            break
        moment = _next(moment, machine, journey)
        journey.order = moment.order
    if journey.ends != SUCCEEDED:
        _close(journey)
    if tuple(journey.states) != way.states:
        raise NotAWay(f"{way.name}: states: expected those that the way enters, {', '.join(journey.states)}")
    return journey


def _next(moment: Moment, machine: StateMachine, journey: Journey) -> Moment:
    state, way = machine.states[moment.state], journey.way
    act = way.does.get(moment.state)
    if act:
        decided = _decided(act.call, moment)
        wait = waits_for(moment.state, state)
        journey.wakes[moment.state] = Wake(wait, str(getattr(decided, wait)))
    if act and act.when == "early":
        moment = Moment(moment.state, decided, moment.data)
    taken = _taken(list(outcomes(moment, state)), way, moment.state)
    if taken.run and taken.how == "done":
        journey.runs.append(taken.run)
    # a function that is given up here crashed at once, so it leaves the order as it was
    return taken.next if taken.how != "given up" else Moment(taken.next.state, moment.order, moment.data)


def _decided(call: str, moment: Moment) -> Order:
    answer = CALLS[call](moment.order)
    if isinstance(answer, Refusal):
        raise NotAWay(f"{moment.state}: {call}: {answer}")
    return answer


def _taken(possible: list[Outcome], way: Way, name: str) -> Outcome:
    act = way.does.get(name)
    for each in possible:
        crashes = each.run is not None and each.run.function in way.fails
        if each.run and each.how == ("given up" if crashes else "done"):
            return each
        if each.how in ("went on", "early") or (act and (each.how, each.call) == (act.when, act.call)):
            return each
    [timeout] = [each for each in possible if each.how == "timeout"]
    return timeout


def _close(journey: Journey) -> None:
    """Run the functions beside the workflow, which close the order of an execution that failed."""
    for function, [use_case, *_] in BESIDE_THE_WORKFLOW.items():
        run = next(runs(use_case, None, function, journey.order))
        journey.runs.append(run)
        journey.order = run.after
