"""A context's name, and its line in the files that list contexts."""

import tomllib

import pytest

from takeaway.check.new_context.generate import JOINS, NoPlace, in_code_owners, in_engine_requirements, in_import_rules
from takeaway.check.new_context.naming import NewContext
from takeaway.errors import UsageError
from takeaway.paths import REPOSITORY

LOYALTY = NewContext("loyalty", "order_completed")


def test_no_code_is_told_of_a_new_context() -> None:
    assert [file for file in JOINS if file.endswith((".py", ".json"))] == []


def text(file: str) -> str:
    return (REPOSITORY / file).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "name",
    [
        "",
        "a",
        "Loyalty",
        "9lives",
        "loyal-ty",
        "loyal_ty",
        "../orders",
        "loyaltyprogrammes",
        "l" * 60,
        "größe",
        "ордер",
        "l\n",
    ],
)
def test_a_name_that_no_stack_could_have_is_refused(name: str) -> None:
    with pytest.raises(UsageError, match="lower-case letters and digits"):
        NewContext(name, "order_completed")


@pytest.mark.parametrize("name", ["bus", "shared", "takeaway", "tests", "class"])
def test_a_name_that_is_a_stack_or_a_word_of_python_is_refused(name: str) -> None:
    with pytest.raises(UsageError, match=f"{name} is taken"):
        NewContext(name, "order_completed")


def test_an_event_that_nobody_publishes_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(UsageError, match=r"not 'order_eaten': .*order_placed, "):
        NewContext("loyalty", "order_eaten")


def test_its_layers_are_watched_like_those_of_the_others() -> None:
    rules = tomllib.loads(in_import_rules(text("pyproject.toml"), LOYALTY))["tool"]["importlinter"]["contracts"]
    before = tomllib.loads(text("pyproject.toml"))["tool"]["importlinter"]["contracts"]
    (layers,) = (rule for rule in rules if rule["id"] == "layers")
    (known,) = (rule for rule in before if rule["id"] == "layers")
    assert layers == known | {"containers": [*known["containers"], "contexts.loyalty"]}


def test_the_embedded_engine_gets_what_its_functions_import() -> None:
    assert in_engine_requirements("a\n", LOYALTY) == "a\n-r ../contexts/loyalty/requirements.in\n"


def test_its_team_owns_it() -> None:
    joined = in_code_owners("* @takeaway/platform\n", LOYALTY).splitlines()
    lines = [line for line in joined if not line.startswith("#")]
    assert lines[0] == "* @takeaway/platform"
    assert "/contexts/loyalty/" in {line.split()[0] for line in lines if line}
    assert {line.split()[1] for line in lines if line} == {"@takeaway/platform", "@takeaway/loyalty"}


@pytest.mark.parametrize("file", ["pyproject.toml"])
def test_a_file_that_lost_its_list_is_named_with_what_to_add(file: str) -> None:
    with pytest.raises(NoPlace, match=rf"{file}.*nothing was written.*loyalty"):
        JOINS[file]("nothing of what was there", LOYALTY)
