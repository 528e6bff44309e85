"""The console answers only its own pages, asked for by its own address."""

import asyncio
from collections.abc import Mapping

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from takeaway.run.console.guard import Guard

HERE = "127.0.0.1:4000"
MINE = {"Host": HERE, "Origin": f"http://{HERE}", "X-Console-Token": "secret"}


async def changed(_: Request) -> PlainTextResponse:
    return PlainTextResponse("done")


def asked(method: str, headers: Mapping[str, str | bytes], *, read_only: str = "") -> httpx.Response:
    app = Starlette(routes=[Route("/", changed, methods=["GET", "POST"])])
    guarded = Guard(app, hosts=[HERE, "localhost:4000"], token="secret", read_only=read_only)

    async def ask() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(guarded), base_url="http://here") as client:
            return await client.request(method, "/", headers=dict(headers))

    return asyncio.run(ask())


def test_its_own_page_reads_and_changes() -> None:
    assert asked("GET", {"Host": HERE}).text == "done"
    assert asked("POST", MINE).text == "done"
    there = {**MINE, "Host": "localhost:4000", "Origin": "http://localhost:4000"}
    assert asked("POST", there).text == "done"


@pytest.mark.parametrize("host", ["example.com", "127.0.0.1", "127.0.0.1:4001", "127.0.0.1:4000.example.com", ""])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_name_of_somebody_elses_that_leads_here_is_refused(host: str, method: str) -> None:
    answer = asked(method, {**MINE, "Host": host})
    assert answer.status_code == 421
    assert "done" not in answer.text


STRANGE: list[Mapping[str, str | None]] = [
    {"X-Console-Token": None},
    {"X-Console-Token": "guessed"},
    {"X-Console-Token": "sécret"},
    {"Origin": None},
    {"Origin": "null"},
    {"Origin": "http://localhost:4000"},
    {"Origin": f"https://{HERE}"},
    {"Origin": "https://example.com"},
]


@pytest.mark.parametrize("strange", STRANGE)
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_whatever_is_no_read_needs_the_pages_token_and_origin(strange: Mapping[str, str | None], method: str) -> None:
    headers = {name: value.encode() for name, value in {**MINE, **strange}.items() if value is not None}
    answer = asked(method, headers)
    assert answer.status_code == 403
    assert "secret" not in answer.text


def test_a_console_that_only_watches_says_so() -> None:
    answer = asked("POST", MINE, read_only="It only watches.")
    assert (answer.status_code, answer.text) == (403, "It only watches.")
    assert asked("GET", MINE, read_only="It only watches.").text == "done"


@pytest.mark.parametrize("headers", [MINE, {"Host": "example.com"}])
def test_every_answer_lets_no_script_in_and_goes_into_no_frame_and_no_cache(headers: Mapping[str, str]) -> None:
    told = asked("GET", headers).headers
    policy = dict(part.split(" ", 1) for part in told["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"
    assert told["Cache-Control"] == "no-store"
