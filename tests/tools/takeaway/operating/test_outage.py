"""A consumer is stopped and started again; the command waits for it, and asks once."""

from pathlib import Path

import pytest

from takeaway.errors import TakeawayError, UsageError
from takeaway.run.client.outputs import Stack, Stacks
from takeaway.run.client.subscription import OUTPUTS, Subscription, subscription_of
from takeaway.run.client.target import Target
from takeaway.run.engine.home import Home
from tests.fakes.operating import FakeFunctions
from tests.tools.takeaway.operating.conftest import given


def test_it_is_stopped_and_goes_on_and_each_is_waited_for(subscription: Subscription) -> None:
    functions = FakeFunctions(mappings=2)
    listening = given(subscription, service="lambda", client=functions)
    assert not listening.is_out
    assert listening.switch(out=True)
    assert {states[0] for states in functions.states.values()} == {"Disabled"}
    assert listening.is_out
    assert functions.closed
    assert listening.switch(out=False)
    assert not listening.is_out
    assert not functions.closed
    assert len(functions.asked) == 4


@pytest.mark.parametrize(("state", "out"), [("Enabled", False), ("Disabled", True)])
def test_what_is_so_already_is_left_alone(subscription: Subscription, state: str, out: bool) -> None:
    functions = FakeFunctions(state=state)
    assert not given(subscription, service="lambda", client=functions).switch(out=out)
    assert functions.asked == []


def test_one_that_is_just_changing_is_not_touched_until_it_has(subscription: Subscription) -> None:
    functions = FakeFunctions()
    functions.states["mapping-0"] = ["Enabling", "Enabling", "Enabled"]
    assert given(subscription, service="lambda", client=functions).switch(out=True)


def test_an_outage_that_was_interrupted_half_way_is_made_whole_by_another(subscription: Subscription) -> None:
    functions = FakeFunctions(state="Disabled")
    assert not given(subscription, service="lambda", client=functions).switch(out=True)
    assert functions.closed


def test_the_wait_has_an_end(subscription: Subscription) -> None:
    listening = given(subscription, service="lambda", client=FakeFunctions(stuck=True))
    with pytest.raises(TakeawayError, match="loyalty is Enabled after 0 s, not Disabled"):
        listening.switch(out=True, deadline_seconds=0)


def test_a_queue_that_nobody_reads_is_told(subscription: Subscription) -> None:
    with pytest.raises(TakeawayError, match="Nothing reads loyalty: deploy loyalty again"):
        _ = given(subscription, service="lambda", client=FakeFunctions(mappings=0)).is_out


def stacks(**outputs: dict[str, str]) -> Stacks:
    return Stacks({name: Stack(f"takeaway-dev-{name}", "CREATE_COMPLETE", each) for name, each in outputs.items()})


LISTENS = {name: f"https://sqs/000000000000/{name}" for name in OUTPUTS}


def test_any_context_that_listens_is_found_by_its_outputs(subscription: Subscription) -> None:
    found = subscription_of("loyalty", subscription.target, stacks(orders={"ApiId": "1"}, loyalty=LISTENS))
    assert (found.queue.name, found.dead_letters.name) == ("QueueUrl", "DeadLetterQueueUrl")


@pytest.mark.parametrize("name", ["orders", "nobody", ""])
def test_a_context_that_does_not_listen_is_refused_and_those_that_do_are_named(
    subscription: Subscription, name: str
) -> None:
    there = stacks(orders={"ApiId": "1"}, promotions=LISTENS, analytics=LISTENS)
    with pytest.raises(UsageError, match=f"No context '{name}' listens .* dev; those that do: analytics, promotions"):
        subscription_of(name, subscription.target, there)


def test_where_nobody_listens_that_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="none does"):
        subscription_of("promotions", Target(Home(tmp_path)), stacks(orders={"ApiId": "1"}))
