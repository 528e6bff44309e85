"""The check of docstrings' first words: it finds riddles wherever a docstring can be, and nothing else."""

import pytest

from takeaway.paths import REPOSITORY
from tools.docstrings import RIDDLES, Riddle, main, modules, riddles

EVERYWHERE = '''"""What a module is for."""

class Order:
    """Of a customer."""

    def place(self) -> None:
        """Whether it can be placed."""

    async def wait(self) -> None:
        """
        until it is done."""
'''


def test_a_riddle_is_found_in_modules_classes_functions_and_methods() -> None:
    assert riddles(EVERYWHERE) == [Riddle(1, "What"), Riddle(4, "Of"), Riddle(7, "Whether"), Riddle(10, "until")]


@pytest.mark.parametrize("word", sorted(RIDDLES))
def test_every_word_of_the_list_is_refused_with_or_without_a_capital(word: str) -> None:
    for written in (word, word.capitalize()):
        assert riddles(f'"""{written} is this?"""') == [Riddle(1, written)]


@pytest.mark.parametrize(
    "text",
    [
        "Place an order.",
        "The order that a customer placed.",
        "`whether` is a flag.",
        "Offers an item.",
        "Offers.",
        "",
    ],
)
def test_a_verb_a_thing_and_a_longer_word_are_no_riddle(text: str) -> None:
    assert riddles(f'"""{text}"""') == []


def test_other_strings_and_comments_are_no_docstrings() -> None:
    assert riddles('x = "What"\n# What\ndef f():\n    return "Who"\n') == []


def test_all_folders_of_sources_are_looked_at() -> None:
    looked_at = {path.relative_to(REPOSITORY).parts[0] for path in modules(REPOSITORY)}
    assert looked_at == {"app.py", "contexts", "examples", "requirements", "shared", "takeaway", "tests", "tools"}


def test_the_check_passes_on_this_repository(capsys: pytest.CaptureFixture[str]) -> None:
    assert (main(), capsys.readouterr().out) == (0, "")
