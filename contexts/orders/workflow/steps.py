"""The steps of the workflow, declared once: handlers, the stack and the rehearsal are made from this table.

application/steps.py has what each step does. A step has one name: that of its use case, its handler file, its function,
and, with spaces, of its state.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from contexts.orders.application import steps
from contexts.orders.application.ports import Ports
from contexts.orders.domain.lifecycle import Status
from contexts.orders.domain.order import Order

UseCase = Callable[[str, Ports], Order]


@dataclass(frozen=True)
class Step:
    """A step of the workflow.

    `takes` is the status that the step gives the order; it is counted when the order has it. `tells` is the party to
    whom the step sends a message, `counts` the metric that it raises, `changes` whether it may write to the table.

    A step that is `retired` has no state any more. Its function stays for one release, because executions that began
    before keep the definition that calls it; `takeaway workflow diff` says when it can go.
    """

    use_case: UseCase
    takes: Status | None = None
    tells: Literal["restaurant", "customer"] | None = None
    counts: str | None = None
    changes: bool = True
    retired: bool = False

    @property
    def name(self) -> str:
        return self.use_case.__name__


STEPS: dict[str, Step] = {
    step.name: step
    for step in (
        Step(steps.place_order, takes=Status.PLACED),
        Step(steps.notify_restaurant, tells="restaurant"),
        Step(steps.accept_order, takes=Status.ACCEPTED),
        Step(steps.notify_user, tells="customer"),
        Step(steps.skip_notification, counts="UserNotNotified", changes=False),
        Step(steps.complete_order, takes=Status.COMPLETED),
        Step(steps.reject_order, takes=Status.REJECTED),
        Step(steps.cancel_order, takes=Status.CANCELLED),
        Step(steps.expire_order, takes=Status.EXPIRED),
        Step(steps.time_out_order, takes=Status.TIMED_OUT),
        Step(steps.fail_order, takes=Status.FAILED),
    )
}

# The AWS requests that the workflow may make by itself. One that no state makes any more stays for one release, as a
# retired step does.
REQUESTS = ("dynamodb:UpdateItem", "dynamodb:GetItem")
