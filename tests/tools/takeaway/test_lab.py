"""A workshop: the start of a lab, a participant's edits, and the end of what was under way."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from typer.testing import CliRunner

from takeaway import git
from takeaway.errors import Refused, TakeawayError, UsageError
from takeaway.main import app
from takeaway.run.cli.options import Options
from takeaway.run.client.system import System
from takeaway.run.engine.home import Home
from takeaway.run.lab import ending, folder
from takeaway.run.lab.beginning import PAGES, Beginning, beginning_of
from takeaway.wiring import Wiring


def test_every_lab_says_with_what_it_begins() -> None:
    found = {number: beginning_of(number) for number in range(1, len(list(PAGES.glob("[0-9]*.md"))) + 1)}
    assert {each.wiring for each in found.values()} == set(Wiring)
    assert (found[1].wiring, found[4].accept_timeout) == (Wiring.CHOREOGRAPHED, 5)
    assert found[3] == Beginning(page=found[3].page)
    assert found[1].title == "Lab 1: choreography"


def test_a_lab_that_there_is_not_is_refused_with_those_that_are() -> None:
    with pytest.raises(UsageError, match="There is no lab 12: docs/labs has 1, 2, 3"):
        beginning_of(12)


def test_a_page_that_does_not_say_it_is_told(tmp_path: Path) -> None:
    (tmp_path / "01-nothing.md").write_text("# Lab 1: nothing\n")
    with pytest.raises(TakeawayError, match="does not say what it begins with"):
        beginning_of(1, tmp_path)


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    for arguments in (
        ("init", "--quiet"),
        ("config", "user.name", "Somebody"),
        ("config", "user.email", "a@b.example"),
    ):
        git.run(*arguments, folder=tmp_path)
    (tmp_path / "kept.py").write_text("as committed\n")
    git.run("add", ".", folder=tmp_path)
    assert git.run("commit", "--quiet", "--message", "first", folder=tmp_path).returncode == 0
    return tmp_path


def test_edits_are_put_aside_and_can_be_brought_back(clone: Path) -> None:
    (clone / "kept.py").write_text("edited\n")
    (clone / "contexts" / "loyalty").mkdir(parents=True)
    (clone / "contexts" / "loyalty" / "__init__.py").touch()
    assert sorted(folder.edits(clone)) == ["contexts/loyalty/__init__.py", "kept.py"]
    folder.put_aside("before lab 1", clone)
    assert folder.edits(clone) == []
    assert (clone / "kept.py").read_text() == "as committed\n"
    assert not (clone / "contexts").exists()
    git.run("stash", "pop", folder=clone)
    assert (clone / "kept.py").read_text() == "edited\n"
    assert (clone / "contexts" / "loyalty" / "__init__.py").exists()


def test_a_folder_that_is_no_clone_has_no_edits_to_be_put_aside(tmp_path: Path) -> None:
    assert folder.edits(tmp_path) == []
    with pytest.raises(TakeawayError, match="git could not put your edits aside"):
        folder.put_aside("before lab 1", tmp_path)


class OpenOrders:
    """Orders by status; carries out what is asked for in `acts`, unless it is refused."""

    def __init__(self, refused: int = 0, **orders: str) -> None:
        self.left, self.refused = orders, refused
        self.acts: list[tuple[str, str, str]] = []

    def open_orders(self) -> list[str]:
        return list(self.left)

    def order(self, order_id: str) -> Any:
        return SimpleNamespace(status=self.left[order_id], customer_id="ada", restaurant_id="roma")

    def act(self, call: str, order_id: str, *, token: str) -> None:
        if self.refused:
            self.refused -= 1
            raise Refused(409, "Conflict")
        self.acts.append((call, order_id, token))
        del self.left[order_id]

    def stop(self, order_id: str, *, why: str) -> None:
        self.acts.append(("stop", order_id, why))
        del self.left[order_id]


def having(orders: OpenOrders, *, workflow: bool = True) -> System:
    tokens = SimpleNamespace(customer=lambda who: f"of {who}", restaurant=lambda which: f"of {which}")
    target = SimpleNamespace(traits=SimpleNamespace(patience=1))
    made = SimpleNamespace(
        orders=orders, api=orders, workflow=orders, tokens=tokens, has_workflow=workflow, target=target
    )
    return cast(System, made)


@pytest.fixture(autouse=True)
def without_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ending, "POLL_SECONDS", 0)
    monkeypatch.setattr(ending, "SECONDS", 0.05)


def test_orders_are_ended_as_their_people_would_end_them() -> None:
    orders = OpenOrders(one="PLACED", two="ACCEPTED")
    assert ending.end_orders(having(orders)) == 2
    assert orders.acts == [("cancel", "one", "of ada"), ("complete", "two", "of roma")]


def test_what_was_decided_in_the_same_moment_is_looked_at_again() -> None:
    orders = OpenOrders(refused=1, one="PLACED")
    assert ending.end_orders(having(orders)) == 1
    assert orders.acts == [("cancel", "one", "of ada")]


def test_an_order_that_nobody_can_end_is_stopped_with_its_workflow() -> None:
    orders = OpenOrders(draft="RECEIVED")
    assert ending.end_orders(having(orders)) == 1
    assert orders.acts == [("stop", "draft", "takeaway lab reset")]


def test_an_order_that_does_not_end_is_told_with_the_way_out() -> None:
    with pytest.raises(TakeawayError, match=r"These orders don't end: draft\. To begin anew: `takeaway down`"):
        ending.end_orders(having(OpenOrders(draft="RECEIVED"), workflow=False))


@pytest.mark.parametrize("command", [("start", "3"), ("reset",)])
def test_where_nobody_can_be_asked_edits_are_named_and_nothing_is_done(
    home: Home, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    done: list[str] = []
    monkeypatch.setattr(folder, "edits", lambda: [f"contexts/promotions/{number}.py" for number in range(20)])
    monkeypatch.setattr(folder, "put_aside", done.append)
    monkeypatch.setattr(Options, "engine", lambda *_: done.append("an engine"))
    refused = CliRunner().invoke(app, ["--home", str(home.folder), "lab", *command])
    assert isinstance(refused.exception, UsageError)
    told = str(refused.exception)
    assert "contexts/promotions/0.py" in told
    assert "and 8 more" in told
    assert "say --yes or --keep" in told
    assert done == []
