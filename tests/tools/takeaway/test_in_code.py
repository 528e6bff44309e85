"""A workflow that is code, read as a graph."""

import json
from textwrap import dedent

import pytest

from shared.asl.graph import END
from takeaway.drawing.in_code import FAILS, STILL_FAILS, InCode, NotUnderstood, is_code
from takeaway.paths import REPOSITORY
from takeaway.run.client.durable import code

CODE = code()
DEFINITION = (REPOSITORY / "contexts/orders/workflow/order.asl.json").read_text(encoding="utf-8")
WAYS = """
def process(order):
    try:
        order.does("First")
        if order.awaits("Wait", Wait.DECISION) or order.does("Give up")["decision"]:
            order.tells("Tell")
        else:
            order.does("Last")
    except Failed:
        order.does("Mend")
        raise Failed
"""


def test_steps_of_the_durable_function_are_states_of_the_state_machine() -> None:
    states = json.loads(DEFINITION)["States"]
    steps = InCode.read(CODE).steps
    assert steps.keys() <= states.keys()
    assert {name for name, state in states.items() if state["Type"] == "Task"} - steps.keys() == {"Read decision"}


def test_each_wait_says_under_which_name_it_can_be_woken_up() -> None:
    assert InCode.read(CODE).waits == {"Await restaurant decision": "decision", "Await completion": "completion"}


def test_what_can_follow_a_step_is_what_the_code_says() -> None:
    found = InCode.read(WAYS)
    assert found.next_of("First") == ["Wait"]
    assert found.next_of("Wait") == ["Give up", "Tell", "Last"]
    assert found.next_of("Tell") == ["Skip notification", END]
    assert found.next_of(STILL_FAILS) == ["Mend"]
    assert found.next_of("Mend") == [FAILS]


def test_it_can_be_drawn() -> None:
    boxes, arrows = InCode.read(CODE).graph()
    names = {box.id for box in boxes}
    assert {end for arrow in arrows for end in (arrow.source, arrow.target)} <= names
    assert {box.id for box in boxes if box.kind == "wait"} == {"Await restaurant decision", "Await completion"}


@pytest.mark.parametrize(
    "line", ["time.sleep(1)", "now = datetime.now()", "order_id = uuid4()", "orders.get(order)", "for _ in order: pass"]
)
def test_what_is_no_step_and_would_be_done_again_at_every_replay_is_refused(line: str) -> None:
    with pytest.raises(NotUnderstood, match="line 3"):
        InCode.read(f"def process(order):\n    order.does('First')\n    {line}\n")


HIDDEN = """
import os, random, uuid
import time as clock
from datetime import datetime, timedelta
from os import environ
from examples.durable_orders.helpers import stamped
{module}

def process(order, at={default}):
    order.does("First", patient={argument})
    with suppress({context}):
        decision = order.does("Second")[{index}] == {compared}
        match decision:
            case True if {guard}:
                pass
    _rest(order, {handed})


def _rest(order, why):
    raise OrderFailed({told})
"""
PLAIN = {"module": "LIMIT = timedelta", "default": "None", "argument": "True", "context": "OrderFailed"} | {
    "index": "'decision'", "compared": "'accepted'", "guard": "decision", "handed": "decision", "told": "str(why)",
}  # fmt: skip


@pytest.mark.parametrize("place", PLAIN)
@pytest.mark.parametrize(
    "value",
    [
        "datetime.now()", "clock.time()", "environ['X']", "os.environ", "os.getenv('X')", "uuid.uuid4()", "open('x')",
        "random.random()", "stamped()", "[each for each in {'a', 'b'}]", "(lambda: clock.time())", "stamped().at",
    ],
)  # fmt: skip
def test_it_is_refused_wherever_it_hides(place: str, value: str) -> None:
    with pytest.raises(NotUnderstood, match="is done again at every replay"):
        InCode.read(HIDDEN.format(**{**PLAIN, place: f"X = {value}" if place == "module" else value}))


def test_a_decorator_is_refused() -> None:
    with pytest.raises(NotUnderstood, match="line 1: traced"):
        InCode.read("@traced\ndef process(order):\n    order.does('First')\n")


@pytest.mark.parametrize(
    "line",
    [
        "x = decision == order.does('Hidden')",
        "x = decision and order.does('Hidden')",
        """x = f"{order.does('Hidden')}\"""",
    ],
)
def test_a_step_that_the_graph_would_lack_is_refused(line: str) -> None:
    with pytest.raises(NotUnderstood, match=r"line 2: order.does\('Hidden'\) is a step to which no way"):
        InCode.read(f"def process(order):\n    {line}\n")


def test_what_is_the_same_at_every_replay_is_read() -> None:
    assert InCode.read(HIDDEN.format(**PLAIN)).next_of("First") == ["Second"]
    code = """
        def process(order):
            if (decision := order.does("First")["decision"]) and not decision == "no":
                return
            why = f"{decision}, {len(decision)}"
            try:
                order.does("Second")
            except Failed:
                order.does("Mend")
            order.does("Last")
    """
    found = InCode.read(dedent(code))
    assert found.next_of("First") == ["Second", END] or found.next_of("First") == [END, "Second"]
    assert found.next_of("Mend") == found.next_of("Second") == ["Last"]


def test_a_definition_is_told_from_code() -> None:
    assert is_code(CODE)
    assert not is_code(DEFINITION)
