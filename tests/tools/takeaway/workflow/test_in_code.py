"""A changed workflow in code: open executions keep their version of it, but are woken up by the API of now."""

import pytest

from takeaway.check.workflow.in_code import compare_code
from takeaway.run.client.durable import code

CODE = code()


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ('"Accept order"', '"Confirm order"', "is gone: open executions keep"),
        ('    order.does("Notify restaurant", patient=False)\n', "", "is gone: open executions keep"),
        ('    order.does("Place order", patient=False)\n', "    began = time.time()\n", "can't be compared, but open"),
        ('order.does("Accept order")', 'order.does("Check order")\n            order.does("Accept order")', "is new"),
    ],
)
def test_an_open_execution_survives_whatever_becomes_of_its_steps(old: str, new: str, what: str) -> None:
    assert CODE.count(old) == 1
    found = compare_code(CODE, CODE.replace(old, new))
    assert not [change for change in found if change.breaks]
    assert any(change.what.startswith(what) for change in found)


def test_a_wait_that_nobody_wakes_up_any_more_is_refused() -> None:
    found = compare_code(CODE, CODE.replace("Wait.DECISION", "Wait.ANSWER"))
    assert [(change.state, change.breaks) for change in found] == [("Await restaurant decision", True)]
    assert "`decision`" in found[0].what
    assert found[0].way


def test_the_same_code_has_no_change() -> None:
    assert compare_code(CODE, CODE) == []
