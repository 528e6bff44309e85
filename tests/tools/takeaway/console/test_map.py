"""The map's news: past events stand in the feed, new ones travel, and a page that connects anew gets all of it once."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

from contexts.console.reader import Entry
from takeaway.run.console.feed import Feed
from takeaway.run.console.live import NOTHING, Look
from takeaway.run.console.routes.map import map_part
from takeaway.run.console.systems import Watched

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
DEPLOYED: dict[str, Any] = {"rooms": [], "places": {}}


def entry(number: int) -> Entry:
    return Entry("order-1", f"event-{number}", "event", "order_placed", NOON, {}, NOON)


def looked(feed: Feed, heard: int) -> Look:
    known: dict[str, Any] = {"deployed": DEPLOYED, "depths": {}}
    watched = SimpleNamespace(feed=feed, steady=1, system=lambda: None, once=lambda key, *_, **__: known[key])
    return map_part("dev").look(cast(Watched, watched), heard)


def quiet_feed() -> Feed:
    return Feed(cast(Any, None), pause=1)


def test_the_first_event_of_an_empty_system_travels() -> None:
    feed = quiet_feed()
    first = looked(feed, NOTHING)
    feed._hear([entry(1)], is_past=False)
    (told,) = looked(feed, first.heard).news["entries"]
    assert told["old"] is False


def test_what_had_happened_before_the_page_was_opened_does_not_travel() -> None:
    feed = quiet_feed()
    opened_early = looked(feed, NOTHING)
    feed._hear([entry(1)], is_past=True)
    for heard in (opened_early.heard, NOTHING):
        assert [each["old"] for each in looked(feed, heard).news["entries"]] == [True]
    feed._hear([entry(2)], is_past=False)
    assert [each["old"] for each in looked(feed, NOTHING).news["entries"]] == [True, True]


def test_a_page_forgets_what_the_feed_has_forgotten() -> None:
    feed = quiet_feed()
    feed._hear([entry(1)], is_past=True)
    opened = looked(feed, NOTHING)
    feed._begin(NOON + timedelta(minutes=1))
    told = looked(feed, opened.heard)
    assert (told.news["whole"], told.news["entries"], told.news["counts"]) == (True, [], {})
    feed._hear([entry(2)], is_past=False)
    after = looked(feed, told.heard).news
    assert (after["whole"], [each["old"] for each in after["entries"]]) == (False, [False])


def test_only_the_first_look_tells_the_page_to_forget_what_it_has() -> None:
    feed = quiet_feed()
    feed._hear([entry(1)], is_past=True)
    first = looked(feed, NOTHING)
    assert (first.news["whole"], first.heard) == (True, 1)
    assert looked(feed, first.heard).news["whole"] is False
