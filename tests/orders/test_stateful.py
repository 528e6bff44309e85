"""Orders against a model, with every fault and in any order.

The rules below are the world: people who decide early, late, twice and at once; a workflow that follows the file, one
task at a time, whose tasks are run again, crash between their write and their publishing or just before they return,
and whose callbacks get lost or come early; an operator who stops it. The invariants are checked after each rule. At the
end everything runs to its end, and the outcome is checked.
"""

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from typing import ClassVar

import hypothesis.strategies as st
from hypothesis import event as note
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from contexts.orders.application import commands, steps
from contexts.orders.application.ports import CallbackLost, PublishingFailed, Wait
from contexts.orders.domain.errors import IllegalTransition
from contexts.orders.domain.lifecycle import ChangeType, Completion, Decision, Status
from contexts.orders.domain.order import Order
from contexts.orders.domain.refusals import KeyReused, NotPlacedYet, OrderNotWaiting, Refusal, UnknownOrder
from contexts.orders.published_events import Event
from tests.fakes.orders import ALICE, ORDER_ID, ROMA, World, draft

TERMINAL = {f"order_{name}" for name in ("completed", "rejected", "expired", "cancelled", "timed_out", "failed")}
BEFORE: dict[str, set[str]] = {  # event type -> the events that must have been recorded before it
    "restaurant_notified": {"order_placed"},
    "order_accepted": {"order_placed", "restaurant_notified"},
    "order_rejected": {"order_placed"},  # a restaurant may see the order in its list before it is told
    "order_cancelled": {"order_placed"},
    "order_expired": {"order_placed", "restaurant_notified"},
    "order_completed": {"order_accepted"},
}
Step = Callable[[str, World], Order]


class Crash(Exception):
    """The function dies here."""


class FaultyWorld(World):
    """The world, with a function that can be made to die after it published, or between its write and that."""

    crash: str | None = None

    def run(self, step: Step, crash: str | None) -> Order:
        publish = self.events.publish

        def dying(events: list[Event]) -> None:
            if crash == "before publishing":
                raise Crash
            publish(events)
            if crash == "after publishing":
                raise Crash

        if crash == "bus down":
            self.events.failures = 1
        self.events.publish = dying  # type: ignore[method-assign, assignment]
        try:
            return step(ID, self)
        finally:
            self.events.publish = publish  # type: ignore[method-assign]
            self.events.failures = 0


ID = ORDER_ID
CRASHES = st.sampled_from([None, None, None, "before publishing", "after publishing", "bus down"])


class OrderLife(RuleBasedStateMachine):
    """The life of one order.

    `at` is the state of the workflow, "" before it began and "end" behind its last state.
    """

    AFTER: ClassVar[dict[str, tuple[Step, str]]] = {
        "Place order": (steps.place_order, "Notify restaurant"),
        "Notify restaurant": (steps.notify_restaurant, "Await restaurant decision"),
        "Accept order": (steps.accept_order, "Notify user"),
        "Notify user": (steps.notify_user, "Await completion"),
        "Complete order": (steps.complete_order, "end"),
        "Reject order": (steps.reject_order, "Notify user of outcome"),
        "Cancel order": (steps.cancel_order, "Notify user of outcome"),
        "Notify user of outcome": (steps.notify_user, "end"),
        "Fail order": (steps.fail_order, "Notify user of failure"),
        "Notify user of failure": (steps.notify_user, "end"),
    }
    DECIDED: ClassVar[dict[Decision, str]] = {
        Decision.ACCEPTED: "Accept order",
        Decision.REJECTED: "Reject order",
        Decision.CANCELLED: "Cancel order",
        Decision.EXPIRED: "Notify user of outcome",
    }

    def __init__(self) -> None:
        super().__init__()
        self.world = FaultyWorld()
        self.at = ""
        self.crashes = 0
        self.stopped = False
        self.token = 0
        self.ran: list[Step] = []
        self.promised: list[Decision | Completion] = []  # outcomes that a person was told are final

    @initialize(steps=st.integers(0, 7))
    def begin(self, steps: int) -> None:
        """Begin some examples further on, where it becomes interesting."""
        if steps:
            self.place("hash")
        for _ in range(steps - 1):
            if self.at in self.AFTER:
                self.task(None)
            elif self.at == "Await restaurant decision":
                self.wait(False, None)
                if steps > 4:
                    self.decide(Decision.ACCEPTED, False)

    # --- people -------------------------------------------------------------------------------------------------

    @rule(body=st.sampled_from(["hash", "hash", "another"]))
    def place(self, body: str) -> None:
        known = ID in self.world.orders.stored
        if commands.submit_order(draft(), self.world, fingerprint=body) == KeyReused():
            assert known
            assert self.world.orders.fingerprints[ID] != body
        else:
            assert self.world.orders.fingerprints[ID] == body
        if self.world.workflow.started and not self.at:
            self.at = "Place order"

    @rule(decision=st.sampled_from([Decision.ACCEPTED, Decision.REJECTED, Decision.CANCELLED]), lost=st.booleans())
    def decide(self, decision: Decision, lost: bool) -> None:
        asked = {
            Decision.ACCEPTED: lambda: commands.accept(ID, ROMA, self.world),
            Decision.REJECTED: lambda: commands.reject(ID, ROMA, self.world, reason="closed"),
            Decision.CANCELLED: lambda: commands.cancel(ID, ALICE, self.world),
        }[decision]
        self._ask(asked, decision, lost)

    @rule(lost=st.booleans())
    def complete(self, lost: bool) -> None:
        self._ask(lambda: commands.complete(ID, ROMA, self.world), Completion.COMPLETED, lost)

    def _ask(self, ask: Callable[[], commands.Answer | Refusal], wanted: Decision | Completion, lost: bool) -> None:
        self.world.workflow.failure = CallbackLost("network") if lost else None
        before = self.world.orders.stored.get(ID)
        answer = ask()
        self.world.workflow.failure = None
        match answer:
            case OrderNotWaiting(order):
                assert order == before, "is told how it stands"
            case UnknownOrder() | NotPlacedYet():
                assert before is None or before.status is Status.RECEIVED
            case _:
                assert isinstance(answer, commands.Answer)
                assert wanted in (answer.order.decision, answer.order.completion)
                self.promised.append(wanted)

    # --- the workflow -------------------------------------------------------------------------------------------

    @precondition(lambda self: self.at in self.AFTER and not self.stopped)
    @rule(tries=st.lists(CRASHES, min_size=1, max_size=4))
    def some_tasks(self, tries: list[str | None]) -> None:
        for crash in tries:
            if self.at in self.AFTER:
                self.task(crash)

    def task(self, crash: str | None) -> None:
        """Try the task at which the workflow is; it goes on only if the task returned."""
        step, following = self.AFTER[self.at]
        self.ran.append(step)
        try:
            self.world.run(step, crash)
        except (Crash, PublishingFailed):
            self.crashes += 1
            if self.crashes > 1 and not self.at.startswith(("Fail", "Notify user")):  # retries used up: its Catch
                self.at = "Fail order"
            return
        self.crashes = 0
        self.at = following

    @precondition(lambda self: self.at in ("Await restaurant decision", "Await completion") and not self.stopped)
    @rule(timeout=st.sampled_from([False, False, True]), crash=CRASHES)
    def wait(self, timeout: bool, crash: str | None) -> None:
        wait = Wait.DECISION if self.at == "Await restaurant decision" else Wait.COMPLETION
        order = self.world.orders.get(ID)
        known = order.decision if wait is Wait.DECISION else order.completion
        waiting = (ID, wait) in self.world.orders.tokens
        if not waiting and known:  # the condition on which the token is stored fails
            self._go_on(wait, known)
        elif not waiting:
            self.token += 1
            self.world.orders.tokens[(ID, wait)] = f"{wait}-{self.token}"
        elif called := [
            out for token, out in self.world.workflow.resumed if token == self.world.orders.tokens[(ID, wait)]
        ]:
            self._go_on(wait, called[0][wait])
        elif timeout:
            step = steps.expire_order if wait is Wait.DECISION else steps.time_out_order
            try:
                order = self.world.run(step, crash)
            except (Crash, PublishingFailed):
                return
            self._go_on(wait, str(order.decision if wait is Wait.DECISION else order.completion))

    def _go_on(self, wait: Wait, outcome: str) -> None:
        if wait is Wait.DECISION:
            self.at = self.DECIDED[Decision(outcome)]
        else:
            self.at = "Complete order" if outcome == Completion.COMPLETED else "Notify user of outcome"

    @precondition(lambda self: self.ran and not self.stopped)
    @rule(data=st.data())
    def run_a_task_again(self, data: st.DataObject) -> None:
        """Run an earlier task's function once more, late: it may change nothing that is decided."""
        step = data.draw(st.sampled_from(self.ran))
        if step in (steps.fail_order, steps.notify_user):
            return  # these act on the order as it is, so they are repeated only within their own state
        before = self.world.orders.get(ID)
        with suppress(IllegalTransition):
            self.world.run(step, None)
        assert self.world.orders.get(ID) == before

    @precondition(lambda self: self.at not in ("", "end") and not self.stopped)
    @rule(really=st.sampled_from([False, False, False, True]))
    def operator_stops_the_execution(self, really: bool) -> None:
        self.stopped = really

    @precondition(lambda self: self.stopped)
    @rule(crash=CRASHES, timed_out=st.booleans())
    def close(self, crash: str | None, timed_out: bool) -> None:
        """Deliver the notice that the execution ended, any number of times."""
        try:
            self.world.run(lambda order_id, world: steps.close_order(order_id, world, timed_out=timed_out), crash)
        except (Crash, PublishingFailed):
            return

    # --- what always holds --------------------------------------------------------------------------------------

    @invariant()
    def at_most_one_end(self) -> None:
        ids = {event.type: set[str]() for event in self.world.events.published}
        for event in self.world.events.published:
            ids[event.type].add(event.event_id)
        assert len(TERMINAL & ids.keys()) <= 1
        assert all(len(found) == 1 for kind, found in ids.items() if kind != "user_notified")

    @invariant()
    def the_same_event_is_always_the_same(self) -> None:
        seen: dict[str, Event] = {}
        for event in self.world.events.published:
            assert seen.setdefault(event.event_id, event) == event

    @invariant()
    def nobody_is_told_what_did_not_happen(self) -> None:
        if ID not in self.world.orders.stored:
            assert not self.world.events.published
            return
        order = self.world.orders.get(ID)
        recorded = {str(change.type) for change in order.changes}
        assert {event.type for event in self.world.events.published} <= recorded
        for _, status in self.world.customers.sent:
            assert any(change.type == f"order_{status.lower()}" for change in order.changes)

    @invariant()
    def events_come_in_a_legal_sequence(self) -> None:
        seen: set[str] = set()
        known = {None, *(event.event_id for event in self.world.events.published)}
        for event in self.world.events.published:
            assert BEFORE.get(event.type, set()) <= seen
            assert event.detail["metadata"]["causation_id"] in known
            seen.add(event.type)

    @invariant()
    def what_somebody_was_told_stands(self) -> None:
        if ID in self.world.orders.stored:
            order = self.world.orders.get(ID)
            for told in self.promised:
                assert told in (order.decision, order.completion)

    # --- and in the end -----------------------------------------------------------------------------------------

    def teardown(self) -> None:
        """Run everything to its end without further faults, and check the outcome."""
        for _ in range(30):
            if self.stopped:
                self.close(None, False)  # type: ignore[call-arg, arg-type]
                self.at = "end"
            if self.at in ("", "end"):
                break
            if self.at in self.AFTER:
                self.task(None)
            else:
                self.wait(True, None)  # type: ignore[call-arg, arg-type]
        if not self.at:
            return
        assert self.at == "end"
        note(f"ends {self.world.orders.get(ID).status}{' (stopped)' if self.stopped else ''}")
        order = self.world.orders.get(ID)
        assert not order.is_open
        published = Counter(event.event_id for event in self.world.events.published)
        told = {str(change.type) for change in order.changes}
        assert told == {event.type for event in self.world.events.published}, "every recorded change is published"
        assert len(published) == len(order.changes)
        ends = [change for change in order.changes if change.type in TERMINAL]
        assert len(ends) == 1
        assert ends[0].type == f"order_{order.status.lower()}"
        if order.status is not Status.COMPLETED:
            assert any(c.type is ChangeType.USER_NOTIFIED and c.about is order.status for c in order.changes)
        self.at_most_one_end()
        self.events_come_in_a_legal_sequence()


OrderLife.TestCase.settings = settings(max_examples=500, stateful_step_count=30, deadline=None)
TestOrderLife = OrderLife.TestCase
