"""Requests that no page may make are refused with a sentence, which is never that of a fault of the console."""

import asyncio
from types import SimpleNamespace
from typing import Any, cast

import httpx
import pytest

from takeaway.run.console.app import application
from takeaway.run.console.failures import NotHere
from takeaway.run.console.requests import Console
from takeaway.run.console.routes import operate
from takeaway.run.console.systems import Systems
from takeaway.run.console.traffic import MOST, Traffic

NO_ORDER = "0f83cea8-28b4-5f09-84ec-f665f91ce662"


def posted(path: str, content: bytes) -> httpx.Response:
    """Return the console's answer for a system that has no orders."""
    system = SimpleNamespace(
        orders=SimpleNamespace(order=lambda _: None),
        target=SimpleNamespace(stage="dev"),
        stacks=None,
        subscription=lambda name: SimpleNamespace(context=name),
    )
    watched = SimpleNamespace(system=lambda: system, traffic=Traffic(), stage="dev")
    systems = cast(Systems, SimpleNamespace(of=lambda _: watched, default="dev"))
    return asked(systems, "POST", path, content)


def asked(systems: Systems, method: str, path: str, content: bytes = b"") -> httpx.Response:
    app: Any = application(Console(systems, "token"))

    async def ask() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://here") as client:
            return await client.request(method, path, content=content)

    return asyncio.run(ask())


@pytest.mark.parametrize("content", [b"{", b"\xff", b"[" * 60_000, b'{"note": "\\ud800"}', b'{"count": NaN}', b"[]"])
def test_what_is_no_json_object_that_can_be_sent_on_is_refused(content: bytes) -> None:
    answer = posted("/dev/shop", content)
    assert (answer.status_code, answer.json()["said"].startswith("Expected")) == (400, True)


@pytest.mark.parametrize("call", ["accept", "reject", "cancel", "complete", "stop"])
def test_an_act_on_an_order_that_is_not_there_says_that_it_is_not_there(call: str) -> None:
    answer = posted(f"/dev/orders/{NO_ORDER}/{call}", b"{}")
    assert (answer.status_code, answer.json()["said"]) == (404, f"There is no order {NO_ORDER} in stage dev.")


@pytest.mark.parametrize("minutes", [b'"7"', b'"15 "', b'"-15"', b"null", b'"x"'])
def test_a_replay_of_other_minutes_than_the_page_offers_is_refused(
    monkeypatch: pytest.MonkeyPatch, minutes: bytes
) -> None:
    monkeypatch.setattr(operate, "listeners", lambda _: ["promotions"])
    answer = posted("/dev/operate/promotions/replay", b'{"minutes": ' + minutes + b"}")
    assert answer.status_code == 400
    assert "minutes: expected one of 15, 60, 1440" in answer.json()["said"]


@pytest.mark.parametrize("count", [b'"0"', b'"201"', b'"00201"', b'"2000000"', b'"x"', b"null"])
def test_more_orders_than_the_bound_are_refused_however_the_number_is_written(count: bytes) -> None:
    answer = posted("/dev/traffic", b'{"count": ' + count + b"}")
    assert (answer.status_code, f"expected 1 to {MOST} orders" in answer.json()["said"]) == (400, True)


def test_the_page_about_a_stage_that_no_stage_can_be_called_leads_back_to_one_that_is_there() -> None:
    def of(stage: str) -> None:
        raise NotHere(f"There is no stage “{stage}”.")

    answer = asked(cast(Systems, SimpleNamespace(of=of, default="dev")), "GET", "/NO/map")
    assert answer.status_code == 404
    assert 'href="/dev/orders"' in answer.text
    assert 'href="/NO/orders"' not in answer.text
