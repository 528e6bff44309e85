"""A visitor of the console without a browser: asks for pages, changes and live parts as the pages' script does."""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import httpx

from tests.fakes.engines import patiently

DEADLINE_SECONDS = 60
TOKEN = 'console-token" content="'
News = Mapping[str, Any]


@dataclass(frozen=True)
class Visitor:
    """A visitor with a page of one stage open. `address` is the console's, without a slash at its end."""

    address: str
    stage: str

    @cached_property
    def headers(self) -> dict[str, str]:
        """The headers that prove to the console that a change is asked for by a page of its own."""
        token = self.sees("shop").split(TOKEN)[1].split('"')[0]
        return {"Origin": self.address, "X-Console-Token": token}

    def sees(self, path: str) -> str:
        """Return the HTML of a page of the stage, or of `/…`, which is of none. Fails unless the console has it."""
        answer = httpx.get(self._url(path), timeout=self._seconds, trust_env=False)
        assert answer.status_code == 200, answer.text
        return answer.text

    def asks(self, path: str, **content: Any) -> dict[str, Any]:
        """Ask for a change as a button does, and return the answer. Fails if it is refused."""
        answer = httpx.post(self._url(path), json=content, headers=self.headers, timeout=self._seconds, trust_env=False)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def hears(self, part: str, look: Callable[[str], Any], what: str) -> None:
        """Follow a live part, such as order/…, until `look` is true of its content. Fails at the deadline."""
        for name, content in self._stream(part, what):
            if name.startswith(("part-", "news-")) and look(content):
                return

    def hears_news(self, look: Callable[[News], Any], what: str) -> None:
        """Follow the map until `look` is true of its news. Fails at the deadline."""
        self.hears("map", lambda content: look(json.loads(content)), what)

    def _stream(self, part: str, what: str) -> Iterator[tuple[str, str]]:
        """Yield the name and the content of each event of a live part."""
        deadline = time.monotonic() + self._seconds
        kind, *which = part.split("/")
        asked = {"part": "/".join((kind, self.stage, *which))}
        with httpx.stream(
            "GET", f"{self.address}/live", params=asked, timeout=self._seconds, trust_env=False
        ) as answer:
            name, content = "", list[str]()
            for line in answer.iter_lines():
                if line.startswith("event:"):
                    name = line.partition(":")[2].strip()
                elif line.startswith("data:"):
                    content.append(line.partition(":")[2].removeprefix(" "))
                elif not line:
                    assert name != "trouble", f"{what}: {content}"
                    yield name, "\n".join(content)
                    name, content = "", []
                assert time.monotonic() < deadline, f"not within {self._seconds} s: {what}"

    def _url(self, path: str) -> str:
        return self.address + (path if path.startswith("/") else f"/{self.stage}/{path}")

    @property
    def _seconds(self) -> int:
        return patiently(DEADLINE_SECONDS)
