"""A page that can't be written is refused before anything is waited for; a console that only watches places nothing."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from takeaway.errors import TakeawayError, UsageError
from takeaway.run.cli.console import console
from takeaway.run.cli.journey_events import journey
from takeaway.run.cli.pages import writable
from takeaway.run.cli.report import report
from takeaway.run.console import serving


class NotAsked(Exception):
    """Raised when a command asks for the running system."""


def context(**options: Any) -> Any:
    def system() -> None:
        raise NotAsked

    return cast(Any, SimpleNamespace(obj=SimpleNamespace(system=system, **options)))


@pytest.mark.parametrize("where", ["", "no/such/folder/page.html"])
def test_a_page_that_can_not_be_written_is_refused_before_the_system_is_asked(tmp_path: Path, where: str) -> None:
    told = "--html: expected a file that can be written, got"
    with pytest.raises(TakeawayError, match=told):
        journey(context(), "last", html=tmp_path / where)
    with pytest.raises(TakeawayError, match=told):
        report(context(), html=tmp_path / where)


def test_a_file_that_can_be_written_is_left_as_it_was(tmp_path: Path) -> None:
    old, new = tmp_path / "old.html", tmp_path / "new.html"
    old.write_text("the last page")
    assert [writable("--html", each) for each in (old, new)] == [old, new]
    assert (old.read_text(), new.exists()) == ("the last page", False)


@pytest.mark.parametrize(("endpoint", "read_only"), [(None, None), ("http://127.0.0.1:4566", True), (None, True)])
def test_a_console_that_only_watches_refuses_to_place_orders_also_where_watching_is_the_default(
    monkeypatch: pytest.MonkeyPatch, endpoint: str | None, *, read_only: bool | None
) -> None:
    monkeypatch.setattr(serving, "serve", lambda *_, **__: pytest.fail("it is served"))
    target = SimpleNamespace(endpoint=endpoint, stage="dev")
    with pytest.raises(UsageError, match="--orders: a read-only console can't place orders"):
        console(context(target=lambda: target), orders=3, read_only=read_only)
