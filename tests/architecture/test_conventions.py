"""What imports can't tell: a domain takes times and ids as arguments, and importing a function does nothing yet."""

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
CONTEXTS = REPOSITORY / "contexts"
RUNS = ("contexts", "examples", "takeaway/console")  # where functions are made of
# read from the surroundings: different at every call, so not for a domain
SURROUNDINGS = {"now", "utcnow", "today", "uuid1", "uuid4", "environ", "getenv"}
ENVIRONMENT = {"environ", "getenv"}
LONGEST_HANDLER = 30

IMPORTS_EVERYTHING = """
import importlib, sys
import botocore.session

def refuse(*_args, **_kwargs):
    raise AssertionError("a client is made at import")

botocore.session.Session.create_client = refuse
for module in sys.argv[1:]:
    importlib.import_module(module)
"""


def names_used(tree: ast.AST) -> set[str]:
    """What a piece of code takes from modules and objects, be it `os.environ` or `from os import environ`."""
    found = set()
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(attr=name) | ast.alias(name=name):
                found.add(name)
    return found


def run_at_import(node: ast.AST) -> Iterator[ast.AST]:
    """The code of a module that runs when it is imported: all but the bodies of its functions."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from [*child.decorator_list, *child.args.defaults, *filter(None, child.args.kw_defaults)]
        elif isinstance(child, ast.ClassDef):
            yield from run_at_import(child)
        elif not isinstance(child, ast.Lambda):
            yield child


def read_at_import(source: str) -> set[str]:
    return set().union(*map(names_used, run_at_import(ast.parse(source)))) & ENVIRONMENT


def surroundings_read(source: str) -> set[str]:
    return names_used(ast.parse(source)) & SURROUNDINGS


def modules() -> list[Path]:
    return [
        path
        for path in sorted(path for folder in RUNS for path in (REPOSITORY / folder).rglob("*.py"))
        if "infrastructure" not in path.parts and path.name != "systems.py"  # which is about templates, too
    ]


def relative(path: Path) -> str:
    return str(path.relative_to(REPOSITORY))


@pytest.mark.parametrize("path", sorted(CONTEXTS.glob("*/domain/*.py")), ids=relative)
def test_a_domain_asks_neither_clock_nor_chance_nor_environment(path: Path) -> None:
    assert surroundings_read(path.read_text(encoding="utf-8")) == set()


@pytest.mark.parametrize("path", modules(), ids=relative)
def test_a_module_reads_no_environment_when_it_is_imported(path: Path) -> None:
    assert read_at_import(path.read_text(encoding="utf-8")) == set()


def test_every_module_can_be_imported_without_environment_and_makes_no_client() -> None:
    names = [relative(path).removesuffix(".py").removesuffix("/__init__").replace("/", ".") for path in modules()]
    assert "contexts.orders.handlers.place_order" in names
    result = subprocess.run(
        [sys.executable, "-c", IMPORTS_EVERYTHING, *names],
        cwd=REPOSITORY, env={"PATH": os.environ["PATH"]}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert result.returncode == 0, result.stderr


@pytest.mark.parametrize("path", [path for path in modules() if "handlers" in path.parts], ids=relative)
def test_a_handler_is_thin(path: Path) -> None:
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    assert len(lines) <= LONGEST_HANDLER, "move what it decides into a use case"


@pytest.mark.parametrize(
    "source",
    [
        "from datetime import datetime\ndef f():\n    return datetime.now()",
        "import uuid\nx = uuid.uuid4()",
        "from uuid import uuid4",
        "import os\ndef f(): return os.environ['X']",
    ],
)
def test_an_impure_domain_is_noticed(source: str) -> None:
    assert surroundings_read(source) != set()


@pytest.mark.parametrize(
    ("source", "noticed"),
    [
        ("import os\nTABLE = os.environ['TABLE']", True),
        ("import os\nif True:\n    TABLE = os.getenv('TABLE')", True),
        ("import os\nclass A:\n    table = os.environ.get('TABLE')", True),
        ("import os\ndef f(table=os.environ['TABLE']): ...", True),
        ("import os\ndef settings():\n    return os.environ['TABLE']", False),
        ("import os\nclass A:\n    def table(self):\n        return os.environ['TABLE']", False),
    ],
)
def test_reading_the_environment_at_import_is_noticed(source: str, noticed: bool) -> None:
    assert bool(read_at_import(source)) == noticed
