"""The end of an execution is read from the states of its workflow."""

import pytest

from shared.asl.graph import State, ends


@pytest.mark.parametrize(
    ("state", "ended"),
    [
        ({"Type": "Succeed"}, "SUCCEEDED"),
        ({"Type": "Fail", "Error": "Closed"}, "FAILED"),
        ({"Type": "Task", "End": True, "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "B"}]}, None),
        ({"Type": "Wait", "Next": "B"}, None),
    ],
    ids=lambda each: each["Type"] if isinstance(each, dict) else str(each),
)
def test_an_execution_ends_in_an_end_and_goes_on_from_any_other_state(state: State, ended: str | None) -> None:
    assert ends(state) == ended
