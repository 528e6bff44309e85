"""The port Workflow without a workflow: a decision is carried out at once, by the function that was called.

The function does so before it answers. If it fails half-way its caller gets an error and may ask again: nothing is
recorded twice. If nobody asks again, the order stays as it is, because no workflow goes on with it.
"""

from collections.abc import Callable
from dataclasses import dataclass

from contexts.orders.application import steps
from contexts.orders.application.ports import Conflict, Ports, Stored, Wait
from contexts.orders.domain.errors import IllegalTransition
from contexts.orders.domain.lifecycle import Completion, Decision, Status
from contexts.orders.domain.order import Order
from contexts.orders.observability import count_status

Step = Callable[[str, Ports], Order]
# a person's decision -> the step that carries it out, and the status that the order then has
CARRIED_OUT: dict[str, tuple[Step, Status]] = {
    Decision.ACCEPTED: (steps.accept_order, Status.ACCEPTED),
    Decision.REJECTED: (steps.reject_order, Status.REJECTED),
    Decision.CANCELLED: (steps.cancel_order, Status.CANCELLED),
    Completion.COMPLETED: (steps.complete_order, Status.COMPLETED),
}


class NobodyWaits:
    """Makes a Stored order give its own id in place of a task token, because nothing waits and stores one."""

    def waiting_token(self: Stored, wait: Wait) -> str | None:  # noqa: ARG002 - as the port has it
        return self.order.order_id


@dataclass(frozen=True)
class NoWorkflow:
    """Implements the port Workflow."""

    ports: Ports

    def start(self, order_id: str) -> None:
        self._do(steps.place_order, Status.PLACED, order_id)

    def resume(self, token: str, outcome: dict[str, str]) -> None:
        [decided] = outcome.values()
        step, status = CARRIED_OUT[decided]
        self._do(step, status, token)

    def _do(self, step: Step, takes: Status, order_id: str) -> None:
        try:
            order = step(order_id, self.ports)
        except IllegalTransition as error:  # the step before is decided but not carried out yet: try again
            raise Conflict(str(error)) from error
        if order.status is takes:
            count_status(order)
