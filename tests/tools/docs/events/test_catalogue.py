"""The catalogue combines four sources, and its pages have all of it, whichever context is added."""

import re
from dataclasses import replace

import pytest

from shared.schema_tools.fields import fields
from takeaway.check.templates.assembly import synthesized
from takeaway.facts import facts_of
from takeaway.paths import REPOSITORY
from takeaway.study.docs.events import asyncapi
from takeaway.study.docs.events.catalogue import Catalogue, Event, assembled
from takeaway.study.docs.events.catalogue import catalogue as catalogue_of
from takeaway.study.docs.events.pages import index, page, read
from takeaway.study.docs.events.pictures import flow, life
from tests.tools.docs.events.test_rules import stack

ORDERS = "takeaway.orders"
FACTS = {ORDERS: facts_of("orders")}


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return assembled(FACTS, synthesized())


def event(catalogue: Catalogue, event_type: str) -> Event:
    [found] = [each for each in catalogue.events if each.type == event_type]
    return found


def row(text: str, start: str) -> str:
    """Return the only line of a table that begins so."""
    [found] = [line for line in text.splitlines() if line.startswith(f"| {start}")]
    return found


def test_every_event_is_published_and_heard(catalogue: Catalogue) -> None:
    assert [each.type for each in catalogue.events if each.source == ORDERS] == list(FACTS[ORDERS].events)
    assert all(each.publishers and each.subscriptions for each in catalogue.events if each.source == ORDERS)


def test_contexts_listen_to_what_their_rules_take(catalogue: Catalogue) -> None:
    heard = {
        rule.owner: [each.type for each in catalogue.events if rule in each.subscriptions and each.source == ORDERS]
        for rule in catalogue.subscriptions
    }
    assert heard["promotions"] == ["order_completed"]
    assert heard["analytics"] == heard["console"] == list(FACTS[ORDERS].events)
    assert "orders" not in heard


def test_a_context_that_is_added_is_on_the_page_of_what_it_listens_to_and_on_no_other() -> None:
    grown = assembled(FACTS, {**synthesized(), "loyalty": stack()})
    assert "**loyalty**" in index(grown)
    pages = {each.type: page(each, grown) for each in grown.events}
    assert [event_type for event_type, text in pages.items() if "**loyalty**" in text] == ["order_completed"]
    assert "[`add_points`](../../../contexts/loyalty/handlers/add_points.py)" in row(
        pages["order_completed"], "**loyalty**"
    )
    assert "loyalty.receives.loyalty-completed-orders" in asyncapi.tree(grown)["operations"]


def test_a_rule_that_looks_into_events_is_said_to_take_some() -> None:
    choosy = stack(EventPattern={"source": ["takeaway.orders"], "detail": {"data": {"reason": ["failed"]}}})
    assert ", if what is in it matches" in row(
        index(assembled(FACTS, {**synthesized(), "loyalty": choosy})), "**loyalty** | `"
    )


def test_a_subscriber_of_one_version_receives_no_other() -> None:
    first = stack(EventPattern={"source": ["takeaway.orders"], "detail": {"metadata": {"breaks": [{"exists": False}]}}})
    both = stack(Name="takeaway-dev-loyalty-both")
    grown = assembled(
        FACTS,
        {
            **synthesized(),
            "first": replace(first, full_name="takeaway-dev-first"),
            "both": replace(both, full_name="takeaway-dev-both"),
        },
    )
    twice = replace(grown, events=(replace(event(grown, "order_completed"), versions=(1, 2)),))
    [of_first] = [rule for rule in twice.subscriptions if rule.owner == "first"]
    [of_both] = [rule for rule in twice.subscriptions if rule.owner == "both"]
    assert [version for _, version in twice.messages(of_first)] == [1]
    assert [version for _, version in twice.messages(of_both)] == [1, 2]


def test_a_rule_that_takes_none_of_these_events_is_on_no_page() -> None:
    elsewhere = stack(EventPattern={"source": ["takeaway.loyalty"]})
    grown = assembled(FACTS, {**synthesized(), "loyalty": elsewhere})
    assert "none of these" in row(index(grown), "**loyalty** | `")
    assert not [name for name in asyncapi.tree(grown)["operations"] if name.startswith("loyalty")]


def test_the_page_of_an_event_names_states_and_what_runs_beside_the_workflow(catalogue: Catalogue) -> None:
    text = page(event(catalogue, "user_notified"), catalogue)
    assert "`accepted` |" in row(text, "state *Notify user* ")
    assert "is recorded and published" in row(text, "state *Notify user of failure* ")
    assert "is published *again*" in row(text, "state *Skip notification* ")
    closing = row(text, "no state: rule `takeaway-<stage>-orders-closing-execution-ended`")
    assert "FAILED, TIMED_OUT or ABORTED" in closing
    assert "[`close_order`](../../../contexts/orders/handlers/close_order.py)" in closing


def test_a_page_has_every_field_and_marks_personal_data(catalogue: Catalogue) -> None:
    text = page(event(catalogue, "order_completed"), catalogue)
    assert set(fields("order_completed")) <= set(re.findall(r"^\| `([\w.\[\]]+)` ", text, re.MULTILINE))
    assert "**Personal data.**" in row(text, "`data.customer.email`")
    assert "**Personal data.**" not in row(text, "`data.total.amount`")
    assert "**Personal data**: `data.customer.email`, `data.customer.name`" in text
    assert "**Personal data**: none" in page(event(catalogue, "order_placed"), catalogue)


def test_an_event_that_nobody_publishes_or_hears_is_said_to_be_so_wherever_it_stands(catalogue: Catalogue) -> None:
    lonely = replace(event(catalogue, "order_placed"), publishers=(), subscriptions=(), causes=(), may_be_first=False)
    text = page(lonely, catalogue)
    assert "Nothing publishes it." in text
    assert "Nobody listens to it yet." in text
    listed = row(index(replace(catalogue, events=(lonely,))), "[order_placed]")
    assert listed.endswith("| nowhere |  |")


def test_names_are_said_for_any_stage(catalogue: Catalogue) -> None:
    texts = [index(catalogue), asyncapi.document(catalogue), *(page(each, catalogue) for each in catalogue.events)]
    assert [text for text in texts if "takeaway-dev" in text] == []


def test_what_is_generated_is_the_same_every_time(catalogue: Catalogue) -> None:
    again = assembled(FACTS, dict(reversed(synthesized().items())))
    assert index(again) == index(catalogue)
    assert asyncapi.document(again) == asyncapi.document(catalogue)
    assert [page(each, again) for each in again.events] == [page(each, catalogue) for each in catalogue.events]


def test_a_picture_shows_where_an_event_comes_from_who_hears_it_and_what_it_leads_to(catalogue: Catalogue) -> None:
    drawn = flow(event(catalogue, "order_completed"))
    assert '["Complete order<br/>orders"]' in drawn
    assert '[("promotions<br/>issue_voucher")]' in drawn
    assert "-.->" in drawn  # Fail order publishes it again
    assert life(catalogue, ORDERS).splitlines()[-1].strip() == "s8 --> s9"


def test_the_catalogue_says_which_fields_each_consumer_reads_and_of_which_events() -> None:
    grown = catalogue_of(REPOSITORY)
    rows = {consumer.name: list(read(consumer, grown)) for consumer in grown.readers}
    [(events, paths)] = rows["promotions"]
    assert events == ["[order_completed](order_completed.md)"]
    assert "data.customer.email" in paths
    assert "data.customer" not in paths  # an object is told by what is read of it
    assert {event for events, _ in rows["analytics"] for event in events} == {each.link for each in grown.events}
