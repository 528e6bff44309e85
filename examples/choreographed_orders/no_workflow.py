"""What the commands of orders find where a workflow would be: nobody waits, so what was decided is done at once.

Done by the function that was called, before it answers. If it fails half-way its caller gets an error, and may ask
again: nothing is recorded twice. If nobody asks again, nobody goes on: there is no workflow that would.
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
# what a person decided -> the step that carries it out, and the status that the order then has
CARRIED_OUT: dict[str, tuple[Step, Status]] = {
    Decision.ACCEPTED: (steps.accept_order, Status.ACCEPTED),
    Decision.REJECTED: (steps.reject_order, Status.REJECTED),
    Decision.CANCELLED: (steps.cancel_order, Status.CANCELLED),
    Completion.COMPLETED: (steps.complete_order, Status.COMPLETED),
}


class NobodyWaits:
    """Mixed into what is Stored: where nobody stored a task token, the order itself is what a decision is about."""

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
        except IllegalTransition as error:  # what has to come first was decided, and is not carried out yet
            raise Conflict(str(error)) from error
        if order.status is takes:
            count_status(order)
