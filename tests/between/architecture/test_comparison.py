"""docs/generated/comparison.md describes today's repository: its sections, and all figures that can be counted now."""

import re
from pathlib import Path

import pytest

from takeaway.check.templates import assembly
from takeaway.check.templates.stack import Stack
from takeaway.paths import REPOSITORY
from takeaway.study.compare import changes
from takeaway.study.compare.contender import workflow_in_code
from takeaway.study.compare.stories import STORIES, texts
from takeaway.study.compare.stories.change_requests import cells as cells_of
from takeaway.study.compare.stories.goes_well import parts
from takeaway.study.compare.stories.whole_flow import cells, pictures
from takeaway.wiring import Wiring
from tests.between.architecture.conftest import SYSTEMS
from tests.tools.takeaway.compare.drawings import drawn

pytestmark = pytest.mark.teaching

AGAIN = "docs/generated/comparison.md is not current: `takeaway compare --docs`"
SECTION = re.compile(r'<a id="(?P<anchor>[^"]+)"></a>\n\n## (?P<title>[^\n]+)\n\n(?P<rest>.*?)(?=<a id=|\Z)', re.DOTALL)
Page = dict[str, dict[str, list[str]]]


@pytest.fixture(scope="module")
def page() -> Page:
    """Return the cells of the page by section and measure, one for each system."""
    text = (REPOSITORY / "docs/generated/comparison.md").read_text(encoding="utf-8")
    return {found["anchor"]: dict(_row(line) for line in _table(found["rest"])) for found in SECTION.finditer(text)}


def _table(section: str) -> list[str]:
    """Return the lines of a section's first table, without the headings."""
    lines = section[section.index("\n|") + 1 :].splitlines()
    return lines[2 : next((at for at, line in enumerate(lines) if not line.startswith("|")), len(lines))]


def _row(line: str) -> tuple[str, list[str]]:
    measure, *values = [cell.strip() for cell in line.strip("|").split(" | ")]
    return measure, values


@pytest.fixture(scope="module")
def stacks(assemblies: dict[str, Path]) -> dict[str, dict[str, Stack]]:
    return {system: assembly.read(folder) for system, folder in assemblies.items()}


def test_the_page_has_every_section_in_its_order_and_no_empty_cell(page: Page) -> None:
    assert list(page) == list(texts()), AGAIN
    assert {story.anchor for story in STORIES} == set(page)
    empty = [(anchor, measure) for anchor, rows in page.items() for measure, row in rows.items() if "" in row]
    assert empty == []
    assert {len(row) for rows in page.values() for row in rows.values()} == {len(Wiring)}


@pytest.mark.parametrize("system", SYSTEMS)
def test_parts_and_flow_are_as_they_are_counted_now(
    page: Page, stacks: dict[str, dict[str, Stack]], system: str
) -> None:
    column, flow = SYSTEMS.index(system), cells(stacks[system], workflow_in_code(Wiring(system)))
    for anchor, counted in (("goes-well", parts(stacks[system])), ("the-whole-flow", flow)):
        assert {measure: page[anchor][measure][column] for measure in counted} == {
            measure: cell.text for measure, cell in counted.items()
        }, AGAIN


@pytest.mark.parametrize("system", SYSTEMS)
def test_pictures_fit_on_a_screen_and_nothing_in_them_lies_on_another(
    stacks: dict[str, dict[str, Stack]], system: str
) -> None:
    for picture in pictures(Wiring(system), stacks[system], workflow_in_code(Wiring(system))):
        found = drawn((picture.boxes, picture.arrows))
        assert found.width < 1208 / 0.8, picture.title  # the page's width, with letters of not less than 10 pixels
        assert found.covered == [], picture.title


def test_states_of_a_workflow_are_counted_alike_in_each_table(page: Page) -> None:
    states = page["goes-well"]["states of a definition in it"]
    in_file = page["the-whole-flow"]["states in that file, and ways between them"]
    defined = ["there is none" if " steps" in cell else cell for cell in in_file]  # code is no definition
    assert [cell.partition(" states")[0].replace("there is none", "0") for cell in defined] == states


@pytest.mark.parametrize("system", SYSTEMS)
def test_every_function_of_orders_was_taken_out(page: Page, stacks: dict[str, dict[str, Stack]], system: str) -> None:
    prefix = "takeaway-dev-orders-"
    functions = stacks[system]["orders"].functions.values()
    names = {str(each.properties["FunctionName"]).removeprefix(prefix) for each in functions if each.is_own_code}
    column = SYSTEMS.index(system)
    there = {
        measure.rpartition(" ")[2]
        for measure, row in page["blast-radius"].items()
        if measure.startswith("orders: function ") and row[column] != "has none"
    }
    assert there == names, AGAIN


@pytest.mark.parametrize("system", SYSTEMS)
@pytest.mark.parametrize("change", changes.names())
def test_what_a_change_costs_is_what_its_patch_has(page: Page, change: str, system: str) -> None:
    wiring = Wiring(system)
    patch = changes.patch_of(change, wiring)
    cost = changes.counted(change, patch, ()) if patch else changes.ChangeCost(change)
    now = {measure: cell.text for measure, cell in cells_of(cost).items() if not measure.endswith("redeploy")}
    column = SYSTEMS.index(system)
    assert {measure: page["change-requests"][measure][column] for measure in now} == now, AGAIN
