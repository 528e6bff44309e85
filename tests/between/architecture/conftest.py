"""Fixtures of the rules: everything as it would be deployed, synthesized once for all tests of this folder."""

import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from takeaway.check.fitness.code import Code
from takeaway.check.fitness.evidence import Evidence
from takeaway.check.templates import assembly
from takeaway.paths import REPOSITORY
from tests.between.architecture.planting import Tree

# all files that rules read
READ = ("contexts", "examples", "shared", "takeaway")
SYSTEMS = ("hybrid", "durable", "choreographed", "orchestrated")
PAGES = ("pyproject.toml", "docs/generated/openapi.json")


@pytest.fixture(scope="session")
def evidence(tmp_path_factory: pytest.TempPathFactory) -> Evidence:
    stacks = assembly.synthesized()
    return Evidence(Code(REPOSITORY), lambda: stacks)


@pytest.fixture(scope="session")
def assemblies(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Return the folder with the assembly of each system, as app.py has made it."""
    # made here because pytest's factory does not allow two threads to make the first folder
    folders = {system: tmp_path_factory.mktemp(system) for system in SYSTEMS}

    def synthesize(system: str) -> Path:
        return assembly.synthesize(folders[system], wiring=system)

    with ThreadPoolExecutor(len(SYSTEMS)) as pool:
        return dict(zip(SYSTEMS, pool.map(synthesize, SYSTEMS), strict=True))


@pytest.fixture(scope="session")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the code of this repository."""
    root = tmp_path_factory.mktemp("copy")
    for package in READ:
        shutil.copytree(REPOSITORY / package, root / package, ignore=shutil.ignore_patterns("__pycache__"))
    for page in PAGES:
        (root / page).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(REPOSITORY / page, root / page)
    return root


@pytest.fixture
def tree(copied: Path) -> Iterator[Tree]:
    """Return the copy, to plant violations in; they are taken out when the test is over."""
    planted = Tree(copied)
    yield planted
    planted.restore()
