"""Walks everything that can happen, with the real steps behind the states, and notes what each step publishes.

People decide early, late or never; callbacks get lost; a step fails before it has recorded its change, before it has
published it, or just after; the execution is ended from outside.
"""

import json
from collections.abc import Sequence

from contexts.orders.domain.order import Order
from contexts.orders.rehearsal.execution import BESIDE_THE_WORKFLOW, Moment, Run, outcomes, runs
from contexts.orders.rehearsal.people import draft, possible
from contexts.orders.rehearsal.ways import ways
from shared.asl.graph import END, StateMachine


def drafts() -> list[Order]:
    """Return each order that a way begins with, because its body may lead to another way."""
    return list({str(way.order): draft(way.order) for way in ways()}.values())


class Walk:
    """Every state that an execution can be in, starting from each of the `drafts`.

    `runs` has all runs of functions on any way, `steps` each pair of states of which one follows the other.
    """

    def __init__(self, machine: StateMachine, drafts: Sequence[Order]) -> None:
        self.runs: list[Run] = []
        self.steps: set[tuple[str, str]] = set()
        orders: dict[tuple[object, ...], Order] = {}
        ahead = [Moment(machine.start, order) for order in drafts]
        seen: set[tuple[object, ...]] = set()
        while ahead:
            moment = ahead.pop()
            if moment.state == END or _key(moment) in seen:
                continue
            seen.add(_key(moment))
            orders[_situation(moment.order)] = moment.order
            ahead += [Moment(moment.state, order, moment.data) for _, order in possible(moment.order)]
            ahead += self._enter(moment, machine)
        for function, use_cases in BESIDE_THE_WORKFLOW.items():
            for use_case in use_cases:
                for order in orders.values():
                    self.runs += runs(use_case, None, function, order)

    def _enter(self, moment: Moment, machine: StateMachine) -> list[Moment]:
        found = list(outcomes(moment, machine.states[moment.state]))
        self.runs += {id(each.run): each.run for each in found if each.run}.values()
        self.steps |= {(moment.state, each.next.state) for each in found}
        return [each.next for each in found]


def _key(moment: Moment) -> tuple[object, ...]:
    return moment.state, _situation(moment.order), json.dumps(moment.data, sort_keys=True)


def _situation(order: Order) -> tuple[object, ...]:
    """Return everything that makes one order's course differ from another's, so that equal ones are walked once."""
    return order.status, order.decision, order.completion, frozenset(order.changes), order.items
