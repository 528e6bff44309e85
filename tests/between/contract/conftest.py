"""The templates as they would be deployed: who listens to what is written there."""

from typing import Any

import pytest

from takeaway.check.templates.assembly import synthesized


@pytest.fixture(scope="session")
def templates() -> dict[str, dict[str, Any]]:
    """By the part of the stack's name after the stage."""
    return {name: stack.template for name, stack in synthesized().items()}
