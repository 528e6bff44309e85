"""A deployed system as a whole: the one object that commands, the demo and tests work with."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, partial
from typing import Any

from shared.reading import Searches
from takeaway.errors import NoRunningSystem, TakeawayError
from takeaway.run.client import outputs
from takeaway.run.client.api import OrdersApi
from takeaway.run.client.durable import DurableWorkflow
from takeaway.run.client.journey import Known, Recorded, Traces, timeline
from takeaway.run.client.mails import Mails
from takeaway.run.client.people import Tokens
from takeaway.run.client.queues import Queue
from takeaway.run.client.readers import (
    JournalReader,
    Kept,
    LakeReader,
    OrdersReader,
    VouchersReader,
    neighbours,
    reader_of,
)
from takeaway.run.client.subscription import Subscription, subscription_of
from takeaway.run.client.target import Target
from takeaway.run.client.workflow import Workflow
from takeaway.waiting import await_until
from takeaway.wiring import Wiring

DEAD_LETTERS = "DeadLetterQueueUrl"  # the end of the output's name, for every dead-letter queue
DRAFT_SECONDS = 10


def _read_by(context: str, system: "System") -> Any:
    return reader_of(context, system.target, system.stacks)


@dataclass(frozen=True)
class System:
    target: Target

    @cached_property
    def stacks(self) -> outputs.Stacks:
        stacks = outputs.read(self.target)
        if not stacks.by_context:
            raise NoRunningSystem(
                f"Nothing is deployed as stage {self.target.stage}", command=self.target.command("up")
            )
        return stacks

    @cached_property
    def api(self) -> OrdersApi:
        url, look = outputs.api_url(self.target, self.stacks), self.target.command("status")
        return OrdersApi(url, through_proxy=self.target.endpoint is None, look=look)

    @cached_property
    def tokens(self) -> Tokens:
        return Tokens(self.target, self.stacks.output("orders", "OidcIssuer"))

    @cached_property
    def workflow(self) -> Workflow | DurableWorkflow:
        if not self.has_workflow:
            raise TakeawayError(
                f"The {self.stacks.wiring} system has no workflow, so nothing there knows the whole order."
            )
        if self.stacks.wiring is Wiring.DURABLE:
            return DurableWorkflow(self.target, self.stacks.output("orders", "ProcessFunctionArn"))
        return Workflow(self.target, self.stacks.output("orders", "StateMachineArn"))

    journal = cached_property[JournalReader](partial(_read_by, "console"))
    orders = cached_property[OrdersReader](partial(_read_by, "orders"))
    vouchers = cached_property[VouchersReader](partial(_read_by, "promotions"))
    lake = cached_property[LakeReader](partial(_read_by, "analytics"))

    @cached_property
    def mails(self) -> Mails:
        return Mails(self.target)

    def subscription(self, context: str) -> Subscription:
        """Return the subscription of a context. Raises UsageError if the context does not listen to the bus."""
        return subscription_of(context, self.target, self.stacks)

    @property
    def has_workflow(self) -> bool:
        return self.stacks.wiring is not Wiring.CHOREOGRAPHED

    def kept(self, order_id: str) -> Kept:
        """Read an order from the table, past the API. Raises TakeawayError if there is none.

        A command has to know the order's customer and restaurant before it can call the API with their tokens.
        """
        found = self.orders.order(order_id)
        if found is None:
            raise TakeawayError(f"There is no order {order_id}: `{self.target.command('orders')}` lists them.")
        return found

    def placed(self, order_id: str) -> Kept:
        """Read an order as soon as it is placed, which is a moment after the API took it. Raises TakeawayError.

        Until then the order is a draft, which the restaurant can't decide about.
        """
        seconds = DRAFT_SECONDS * self.target.traits.patience
        found = await_until(
            lambda: None if (kept := self.kept(order_id)).is_draft else kept,
            seconds=seconds,
            what="waiting until the restaurant can know of it",
        )
        if found is None:
            raise TakeawayError(f"The order is not placed yet: see `{self.target.command(f'journey {order_id}')}`.")
        return found

    def order(self, order_id: str) -> dict[str, Any]:
        """Return the order as the API shows it to its customer. Raises TakeawayError, or Refused."""
        return self.api.order(order_id, token=self.tokens.customer(self.kept(order_id).customer_id))

    def traces(self, order_id: str, *, search: bool = True) -> Traces:
        """Collect the traces of an order: workflow, journal, e-mails, and what each deployed neighbour keeps.

        `search=False` leaves out neighbours that would have to read through the data of all orders.
        """
        entries = self.journal.of_order(order_id) if self.stacks.has("console") else []
        steps = self.workflow.steps(order_id) if self.has_workflow else []
        recorded = [] if self.has_workflow else self._recorded(order_id)
        times = [*(each.at for each in steps), *(each.at for each in entries), *(each.at for each in recorded)]
        days = {at.date() for at in times}
        readers = dict(neighbours(self.target, self.stacks))
        unsearched = (
            {} if search else {name: each.searched for name, each in readers.items() if isinstance(each, Searches)}
        )
        known = {
            context: Known(reader.keeps, reader.traces_of(order_id, days))
            for context, reader in readers.items()
            if context not in unsearched
        }
        words = [trace.known_as for each in known.values() for trace in each.traces]
        return Traces(
            steps=steps,
            entries=entries,
            mails=self.mails.naming(order_id, *words),
            known=known,
            recorded=recorded,
            dead_letters={} if self.has_workflow else self._dead_letters(),
            unsearched=[*unsearched.values()],
        )

    def traces_until(
        self, order_id: str, wanted: Sequence[str], *, seconds: float, search: bool = True
    ) -> tuple[Traces, Sequence[str]]:
        """Wait until the journey has a moment that begins with each wanted text, such as a state or “issues voucher”.

        Returns the traces, and the wanted texts that are still missing after `seconds`.
        """
        traces, missing = Traces(), list(wanted)

        def are_all_there() -> bool:
            nonlocal traces, missing
            traces = self.traces(order_id, search=search)
            there = [moment.what for moment in timeline(traces)]
            missing = [each for each in wanted if not any(what.startswith(each) for what in there)]
            return not missing

        what = f"waiting for {' and '.join(wanted)}" if wanted else None
        await_until(are_all_there, seconds=seconds, what=what)
        return traces, missing

    def _recorded(self, order_id: str) -> list[Recorded]:
        history = self.order(order_id)["history"]
        return [Recorded(datetime.fromisoformat(each["at"]), each["change"], each.get("about")) for each in history]

    def _dead_letters(self) -> dict[str, int]:
        """Count the messages in each dead-letter queue of orders, by the queue's name."""
        said = self.stacks.by_context["orders"].outputs
        queues = [Queue(self.target.client("sqs"), url) for key, url in said.items() if key.endswith(DEAD_LETTERS)]
        return {queue.name: queue.depth().waiting for queue in queues}
