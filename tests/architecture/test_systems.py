"""The examples are what the rules are there to catch; and they change nothing for anybody else."""

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.architecture import rules
from tests.architecture.conftest import REPOSITORY

SYSTEMS = ("hybrid", "choreographed", "orchestrated")
NEIGHBOURS = ("bus", "promotions", "analytics", "console")
SOURCE = "takeaway.orders"


@pytest.fixture(scope="module")
def assemblies(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Where app.py has put each of the systems."""
    context = json.loads((REPOSITORY / "cdk.json").read_text(encoding="utf-8"))["context"]

    def synthesize(system: str) -> Path:
        out = tmp_path_factory.mktemp(system)
        environment = os.environ | {
            "CDK_OUTDIR": str(out),
            "CDK_CONTEXT_JSON": json.dumps(context | {"dependencies": "engine", "system": system}),
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        }
        subprocess.run([sys.executable, "app.py"], cwd=REPOSITORY, env=environment, capture_output=True, check=True)
        return out

    with ThreadPoolExecutor(len(SYSTEMS)) as pool:
        return dict(zip(SYSTEMS, pool.map(synthesize, SYSTEMS), strict=True))


def template(assembly: Path, stack: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((assembly / f"takeaway-dev-{stack}.template.json").read_text(encoding="utf-8"))
    return read


@pytest.mark.parametrize("system", SYSTEMS[1:])
@pytest.mark.parametrize("stack", NEIGHBOURS)
def test_nobody_but_orders_differs_by_a_byte(assemblies: dict[str, Path], system: str, stack: str) -> None:
    name = f"takeaway-dev-{stack}.template.json"
    assert (assemblies[system] / name).read_bytes() == (assemblies["hybrid"] / name).read_bytes()


def test_choreographed_orders_break_the_rule_that_no_function_of_orders_is_triggered_by_its_events(
    assemblies: dict[str, Path],
) -> None:
    assert rules.listens_to_source(template(assemblies["hybrid"], "orders"), SOURCE) == []
    assert len(rules.listens_to_source(template(assemblies["choreographed"], "orders"), SOURCE)) == 2


@pytest.mark.parametrize("stack", ["promotions", "analytics"])
def test_orchestrating_everything_breaks_the_rule_that_between_contexts_there_is_nothing_but_events(
    assemblies: dict[str, Path], stack: str
) -> None:
    owned = rules.names_of(template(assemblies["hybrid"], stack))
    assert rules.references(template(assemblies["hybrid"], "orders"), owned) == []
    assert len(rules.references(template(assemblies["orchestrated"], "orders"), owned)) == 1
