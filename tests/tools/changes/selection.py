"""The tests of a changed copy that are run: those that the patch touches, and those that notice an incomplete patch.

Tests that need an engine are left out, and so is mypy, which takes longer than all of them: run both when you refresh a
patch.
"""

from pathlib import Path

from takeaway.study.compare.changes import changed

ALARMS = "tests/between/infrastructure/test_monitoring.py"
RULES = "tests/between/architecture/test_rules.py"
OF_EVERY_COPY = (
    "tests/between/contract/test_published.py",
    "tests/between/contract/test_schemas.py",
    "tests/tools/pipelines/test_codeowners.py",
    "tests/tools/docs/test_links.py",
    "tests/tools/docs/test_systems.py",
)
# Each of these synthesizes all stacks, so it is run only where no other test notices the fault: a function without an
# alarm, a context without alarms or runbook, a workflow that breaks a rule. (A patch after which a system breaks other
# rules than before touches tests/between/architecture/test_systems.py, which is run then.)
ALSO = {
    "fraud-check-choreographed": (ALARMS,),
    "fraud-check-hybrid": (
        RULES,
        "tests/orders/test_publisher.py",
        "tests/orders/test_stack.py",
        "tests/orders/rehearsal/test_publications.py",
        "tests/tools/takeaway/costs/test_counting.py",
    ),
    "loyalty-neighbour-hybrid": (ALARMS, "tests/between/infrastructure/test_runbooks.py"),
    "order-deadline-choreographed": (ALARMS,),
}
OF_THE_WORKFLOW = "the workflow of the hybrid publishes no order_checked: only the system that the patch changes does"
# patch -> the tests that fail in its copy because they are about another system, and why
DOES_NOT_HOLD = {
    "fraud-check-choreographed": dict.fromkeys(
        (
            "tests/between/contract/test_published.py::"
            "test_what_is_published_what_states_can_publish_and_what_has_a_schema_are_the_same",
            "tests/between/contract/test_published.py::test_every_change_that_orders_can_record_is_published",
            "tests/between/contract/test_published.py::test_an_event_without_schema_is_noticed",
            "tests/between/contract/test_published.py::test_a_schema_that_nobody_publishes_is_noticed",
            "tests/between/contract/test_published.py::test_an_event_whose_state_is_gone_is_noticed",
        ),
        OF_THE_WORKFLOW,
    )
}


def selected(patch: Path, name: str) -> list[str]:
    paths = [Path(path) for _, _, path in changed(patch)]
    touched = [str(path) for path in paths if path.parts[0] == "tests" and path.match("test_*.py")]
    return sorted({*touched, *OF_EVERY_COPY, *ALSO.get(name, ())})
