"""The steps of the workflow, each declared once: handlers, the stack and the rehearsal are made from this.

A step has one name: that of its use case, its handler file, its function, and, with spaces, of its state.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from contexts.orders.application import use_cases
from contexts.orders.application.ports import Ports
from contexts.orders.domain.lifecycle import Status
from contexts.orders.domain.order import Order

UseCase = Callable[[str, Ports], Order]


@dataclass(frozen=True)
class Step:
    """`takes` is the status that the step gives the order; it is counted when the order has it.

    `tells` says to whom the step sends a message, `counts` which metric it raises, `changes` whether it may write.
    """

    use_case: UseCase
    takes: Status | None = None
    tells: Literal["restaurant", "customer"] | None = None
    counts: str | None = None
    changes: bool = True

    @property
    def name(self) -> str:
        return self.use_case.__name__


STEPS: dict[str, Step] = {
    step.name: step
    for step in (
        Step(use_cases.place_order, takes=Status.PLACED),
        Step(use_cases.notify_restaurant, tells="restaurant"),
        Step(use_cases.accept_order, takes=Status.ACCEPTED),
        Step(use_cases.notify_user, tells="customer"),
        Step(use_cases.skip_notification, counts="UserNotNotified", changes=False),
        Step(use_cases.complete_order, takes=Status.COMPLETED),
        Step(use_cases.reject_order, takes=Status.REJECTED),
        Step(use_cases.cancel_order, takes=Status.CANCELLED),
        Step(use_cases.expire_order, takes=Status.EXPIRED),
        Step(use_cases.time_out_order, takes=Status.TIMED_OUT),
        Step(use_cases.fail_order, takes=Status.FAILED),
    )
}
