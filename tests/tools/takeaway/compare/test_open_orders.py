"""Steps that are renamed at once in a copy, and what is told of the orders that were open then."""

import ast
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from contexts.orders.reader import Kept
from shared.asl.graph import StateMachine
from takeaway.errors import TakeawayError
from takeaway.paths import REPOSITORY, copied
from takeaway.study.compare.renaming import RENAMED, renamed
from takeaway.study.compare.stories.open_orders import ACCEPTS, DELIVERS, REJECTS, Open, told

NOW = datetime(2026, 11, 29, tzinfo=UTC)
DEFINITIONS = (
    "contexts/orders/workflow/order.asl.json",
    "examples/orchestrated_everything/workflow/everything.asl.json",
)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return renamed(copied(tmp_path_factory.mktemp("renamed") / "copy"))


@pytest.mark.parametrize("file", DEFINITIONS)
def test_the_states_of_a_definition_and_nothing_else_of_it_have_other_names(copy: Path, file: str) -> None:
    before = StateMachine.parse((REPOSITORY / file).read_text(encoding="utf-8"))
    after = StateMachine.parse((copy / file).read_text(encoding="utf-8"))
    assert before.states.keys() - after.states.keys() == {"Accept order", "Notify restaurant"}
    assert after.states.keys() - before.states.keys() == {"Confirm order", "Tell restaurant"}
    assert len(after.states) == len(before.states)


@pytest.mark.parametrize(
    "package", ["contexts/orders", "examples/choreographed_orders", "examples/orchestrated_everything"]
)
def test_handlers_are_those_of_before_under_their_new_names(copy: Path, package: str) -> None:
    before = {file.stem for file in (REPOSITORY / package / "handlers").glob("*.py")}
    after = {file.stem for file in (copy / package / "handlers").glob("*.py")}
    assert after == {RENAMED.get(name, name) for name in before}


def test_no_code_names_an_old_step_but_the_api_whose_calls_are_no_steps(copy: Path) -> None:
    naming = {
        file.relative_to(copy).as_posix()
        for folder in ("contexts/orders", "examples")
        for file in (copy / folder).rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if RENAMED.keys() & {getattr(node, field, None) for field in ("id", "attr", "name", "value")}
    }
    assert naming == {"contexts/orders/api/openapi.py", "contexts/orders/api/routes.py"}


def test_a_step_that_is_not_there_is_refused(tmp_path: Path) -> None:
    (tmp_path / "contexts/orders").mkdir(parents=True)
    (tmp_path / "examples").mkdir()
    with pytest.raises(TakeawayError, match="eat_order"):
        renamed(tmp_path, {"eat_order": "devour_order"})


@dataclass(frozen=True)
class Stands:
    """Stands in for a contender: the items of its orders, and the orders whose executions still run."""

    items: dict[str, Kept]
    running: frozenset[str] = frozenset()

    @property
    def system(self) -> Any:
        return self

    def kept(self, order_id: str) -> Kept:
        return self.items[order_id]

    def execution(self, order_id: str) -> str:
        return "RUNNING" if order_id in self.running else ""


def kept(status: str, *changes: str) -> Kept:
    return Kept("anna", "roma", status, dict.fromkeys(("order_placed", *changes), NOW))


ORDERS = [
    Open("deciding", (ACCEPTS, DELIVERS)),
    Open("refused", (REJECTS,), "REJECTED"),
    Open("cooking", (DELIVERS,)),
    Open("last", (ACCEPTS, DELIVERS)),
]


def cells(contender: Stands) -> dict[str, str]:
    return {measure: cell.text for measure, cell in told(contender, ORDERS).items()}  # type: ignore[arg-type]


def test_orders_that_end_as_people_decided_are_not_lost() -> None:
    completed, rejected = kept("COMPLETED", "user_notified:accepted"), kept("REJECTED", "user_notified:rejected")
    there = {"deciding": completed, "refused": rejected, "cooking": completed, "last": completed}
    assert cells(Stands(there)) == {
        "orders lost, of 4 that were open": "0",
        "status of the lost orders": "none was lost",
        "customers of lost orders who were told": "0",
        "orders that went on and ended as people decided": "4",
    }


def test_an_order_that_failed_or_that_nothing_will_end_is_lost_and_its_customer_may_know() -> None:
    there = {
        "deciding": kept("FAILED", "user_notified:failed"),
        "refused": kept("REJECTED", "user_notified:rejected"),
        "cooking": kept("ACCEPTED", "user_notified:accepted"),
        "last": kept("PLACED"),
    }
    assert cells(Stands(there, frozenset({"cooking"}))) == {
        "orders lost, of 4 that were open": "3",
        "status of the lost orders": "1 FAILED, 1 ACCEPTED, 1 PLACED for ever",
        "customers of lost orders who were told": "2",
        "orders that went on and ended as people decided": "1",
    }
