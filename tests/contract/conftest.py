"""The templates as they would be deployed: who listens to what is written there."""

from typing import Any

import pytest

from tests.fakes.synthesis import synthesized


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    return synthesized(tmp_path_factory.mktemp("cdk.out"))
