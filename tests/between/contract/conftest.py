"""Fixtures of contracts: the templates as they would be deployed, whose rules tell who listens."""

from typing import Any

import pytest

from takeaway.check.templates.assembly import synthesized


@pytest.fixture(scope="session")
def templates() -> dict[str, dict[str, Any]]:
    """Return the templates by the last part of the stack's name."""
    return {name: stack.template for name, stack in synthesized().items()}
