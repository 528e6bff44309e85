"""A checkout in which orders checks for fraud, as examples/changes/fraud-check has it, and in which it stops that."""

import subprocess
from pathlib import Path

from takeaway.paths import REPOSITORY

PATCH = REPOSITORY / "examples/changes/fraud-check/hybrid.patch"
STEP = "Step(steps.check_order, takes=Status.FAILED{})"
PROCESS = ("contexts/orders/workflow/order.asl.json", "contexts/orders/rehearsal/ways.toml")  # where the state is
TOO_MUCH = {"items": [{"name": "Margherita", "quantity": 201, "unit_price": {"amount": 100, "currency": "EUR"}}]}


def begin_to_check(checkout: Path) -> None:
    subprocess.run(["git", "init", "--quiet", "."], cwd=checkout, check=True)
    _apply(checkout)


def stop_at_once(checkout: Path) -> None:
    """Take the state and the function out in one release, which open orders do not survive."""
    _apply(checkout, "--reverse")


def stop_by_the_recipe(checkout: Path) -> None:
    """Take the state out, and keep its function for one release."""
    _apply(checkout, "--reverse", *(f"--include={file}" for file in PROCESS))
    steps = checkout / "contexts/orders/workflow/steps.py"
    text = steps.read_text(encoding="utf-8")
    assert STEP.format("") in text
    steps.write_text(text.replace(STEP.format(""), STEP.format(", retired=True")), encoding="utf-8")


def _apply(checkout: Path, *how: str) -> None:
    subprocess.run(["git", "apply", *how, str(PATCH)], cwd=checkout, check=True)
