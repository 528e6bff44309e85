"""Importing a deployed module opens no client, which only a trial shows; nor does it read the environment."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from shared.infrastructure.bundle_contents import runs
from takeaway.check.fitness.code import Code
from takeaway.check.fitness.rules.conventions import read_at_import
from takeaway.paths import REPOSITORY

IMPORTS_EVERYTHING = """
import importlib, sys
import botocore.session

def refuse(*_args, **_kwargs):
    raise AssertionError("a client is made at import")

botocore.session.Session.create_client = refuse
for module in sys.argv[1:]:
    importlib.import_module(module)
"""


def examples() -> dict[str, Path]:
    """Return the deployed modules of the examples. No rule looks at them, because they are there to break some."""
    code = Code(REPOSITORY)
    paths = sorted(REPOSITORY.glob("examples/*/**/*.py"))
    return {code.dotted(path): path for path in paths if runs(path.relative_to(REPOSITORY / "examples"))}


def test_every_module_can_be_imported_without_environment_and_makes_no_client() -> None:
    names = [*Code(REPOSITORY).runtime, *examples()]
    assert {"contexts.orders.handlers.place_order", "examples.choreographed_orders.handlers.place_order"} <= {*names}
    result = subprocess.run(
        [sys.executable, "-c", IMPORTS_EVERYTHING, *names],
        cwd=REPOSITORY, env={"PATH": os.environ["PATH"]}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert result.returncode == 0, result.stderr


@pytest.mark.parametrize("path", examples().values(), ids=examples())
def test_a_module_of_an_example_reads_no_environment_when_it_is_imported(path: Path) -> None:
    assert read_at_import(ast.parse(path.read_text(encoding="utf-8"))) == set()


@pytest.mark.parametrize(
    "source",
    [
        "import os\ndef settings():\n    return os.environ['TABLE']",
        "import os\nclass A:\n    def table(self):\n        return os.environ['TABLE']",
    ],
)
def test_what_a_function_reads_when_it_is_called_is_not_read_at_import(source: str) -> None:
    assert read_at_import(ast.parse(source)) == set()
