"""The command line names a neighbour only for something that this neighbour alone has; it finds others by discovery."""

import ast
from pathlib import Path

from takeaway.paths import REPOSITORY, contexts

CENTRE = "orders"  # the context that may be named everywhere, because all commands are about its orders
# file -> the neighbours that it names, and the reason
NAMED = {
    "takeaway/check/templates/checked.py": ({"console"}, "production has it only if it is asked for"),
    "takeaway/check/prove/steps.py": (
        {"promotions"},
        "it is out for a while, and its vouchers tell whether it caught up",
    ),
    "takeaway/run/cli/generate_compact.py": ({"analytics"}, "`takeaway compact` has the lake's own function do it"),
    "takeaway/run/cli/journey_events.py": ({"console"}, "`takeaway events` begins where the journal does"),
    "takeaway/run/client/system.py": (
        {"analytics", "console", "promotions"},
        "commands on lake, journal and vouchers",
    ),
    "takeaway/study/compare/flow.py": ({"console"}, "is left out: a window for people, and the same in each system"),
    "takeaway/study/compare/stories/promotions_down.py": ({"promotions"}, "a story of it"),
    "takeaway/study/costs/capacity.py": ({"promotions"}, "the limit that its queue's consumers have"),
    "takeaway/study/costs/month.py": ({"analytics"}, "what its lake stores in a month"),
    "takeaway/run/console/looking.py": ({"console"}, "the journal, by which a page hears of all others"),
    "takeaway/run/console/scenarios.py": ({"promotions"}, "a story of it"),
    "takeaway/run/demo/acts/neighbour_down.py": ({"promotions"}, "an act about it"),
    "takeaway/run/demo/opening.py": ({"analytics", "promotions"}, "the demo says who takes part"),
    "takeaway/run/demo/telling.py": ({"promotions"}, "the demo shows its vouchers as they come"),
}


def named_in(root: Path) -> dict[str, set[str]]:
    """Return the neighbours that files of the command line name in a string."""
    neighbours = set(contexts(REPOSITORY)) - {CENTRE}
    found = {}
    for file in sorted((root / "takeaway").rglob("*.py")):
        parsed = ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if names := {each.value for each in parsed if isinstance(each, ast.Constant)} & neighbours:
            found[file.relative_to(root).as_posix()] = names
    return found


def test_a_neighbour_is_named_only_where_it_is_about_what_it_alone_has() -> None:
    assert named_in(REPOSITORY) == {file: names for file, (names, _) in NAMED.items()}


def test_a_file_that_names_a_neighbour_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "takeaway").mkdir()
    (tmp_path / "takeaway/planted.py").write_text('LISTENERS = ("orders", "promotions")\n', encoding="utf-8")
    assert named_in(tmp_path) == {"takeaway/planted.py": {"promotions"}}
