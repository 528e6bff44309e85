"""Scenarios that use every permission of each function, from `tests/<context>/permissions.py`.

The scenarios of a lane run one after the other, lanes side by side.
"""

from importlib import import_module

from takeaway.paths import REPOSITORY
from tests.system.iam.calls import Scenario

CONTEXTS = sorted(path.parent.name for path in (REPOSITORY / "tests").glob("*/permissions.py"))
LANES: list[dict[str, Scenario]] = [
    lane for context in CONTEXTS for lane in import_module(f"tests.{context}.permissions").LANES
]
FUNCTIONS = {name: scenario for lane in LANES for name, scenario in lane.items()}
