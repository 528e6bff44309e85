"""Control a browser for tests of pages: the Chromium from npm where it runs, else an installed Chrome.

CHROME_PATH names the program of another Chrome or Chromium, which is then the only one that is tried.
"""

import json
import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from takeaway.paths import TOOLS

HERE = Path(__file__).parent
NAMED_BY = "CHROME_PATH"
PAUSE_SECONDS = 0.1
NOT_YET = ("context was destroyed", "properties of null")  # it is just loading a page, or an element of it comes later
AXE = HERE / "node_modules/axe-core/axe.min.js"


class NoBrowser(Exception):
    """Raised when no browser can be used here; the message says why."""


class Failed(AssertionError):
    """Raised when the browser reports a failure, or a page does not show what was expected."""


class Page:
    """A tab. `do` takes calls of playwright's Page, such as ["click", "#x"], each made on the previous one's result."""

    def __init__(self, browser: "Browser", number: int) -> None:
        self._browser, self._number = browser, number

    def do(self, *calls: list[Any]) -> Any:
        return self._browser.told(self._number, *calls)

    def goto(self, url: str) -> int:
        """Open a URL, and return the HTTP status; 0 for a file."""
        return int(self.do(["goto", url], ["status"]) or 0)

    def click(self, name: str, role: str = "button") -> None:
        self.do(["getByRole", role, {"name": name}], ["first"], ["click"])

    def press(self, key: str) -> None:
        """Press a key on the focused element."""
        self.do(["locator", ":focus, body"], ["last"], ["press", key])

    def close(self) -> None:
        self.do(["close"])

    def wait(self, script: str, *, seconds: float = 20) -> None:
        """Wait until a JavaScript expression is true. Raises Failed.

        It is evaluated again and again from here, because the page's Content-Security-Policy forbids evaluation there.
        """
        deadline = time.monotonic() + seconds
        while not self._is_so(script):
            if time.monotonic() > deadline:
                raise Failed(f"not within {seconds} s: {script}; the page shows {self.run('document.body.innerText')}")
            time.sleep(PAUSE_SECONDS)

    def _is_so(self, script: str) -> bool:
        try:
            return bool(self.run(script))
        except Failed as failure:
            if any(said in str(failure) for said in NOT_YET):
                return False
            raise

    def says(self, text: str, *, seconds: float = 20) -> None:
        """Wait until a text is visible. Raises Failed."""
        seen = {"state": "visible", "timeout": seconds * 1000}
        self.do(["getByText", text], ["filter", {"visible": True}], ["first"], ["waitFor", seen])

    def run(self, script: str) -> Any:
        return self.do(["evaluate", script])

    def axe(self) -> list[str]:
        """Return axe's accessibility findings, a line each."""
        axe = AXE.read_text(encoding="utf-8")
        found = self.run(f"(async () => {{ {axe}; return (await axe.run()).violations; }})()")
        return [f"{each['id']}: {node['html'][:160]}" for each in found for node in each["nodes"]]


class Browser:
    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        self.version = self._answer()

    def page(self) -> Page:
        return Page(self, self.told(0, ["newPage"]))

    def told(self, page: int, *calls: list[Any]) -> Any:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{json.dumps({'page': page, 'calls': calls})}\n")
        self._process.stdin.flush()
        return self._answer()

    def _answer(self) -> Any:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise NoBrowser("its driver has ended")
        answer = json.loads(line)
        if "failure" in answer:
            raise Failed(answer["failure"])
        return answer["result"]


@contextmanager
def browser() -> Iterator[Browser]:
    """Start a browser for the `with` block. Raises NoBrowser, which says what to do."""
    if not (HERE / "node_modules/.ready").exists():
        raise NoBrowser("no browser is installed in tools/browser: run `make browser`")
    process = subprocess.Popen(
        [TOOLS / "node", HERE / "driver.mjs"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with process:
        try:
            yield _begun(process)
        finally:
            if process.stdin:
                process.stdin.close()
            process.wait(20)


def _begun(process: "subprocess.Popen[str]") -> Browser:
    try:
        return Browser(process)
    except Failed as failure:
        named = os.environ.get(NAMED_BY)
        tried = f"{NAMED_BY}={named}" if named else "the Chromium from npm, an installed Chrome"
        raise NoBrowser(f"no browser runs here; tried: {tried} ({failure})") from None
