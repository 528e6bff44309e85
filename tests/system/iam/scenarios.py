"""For each function the smallest thing that needs all of its role: what `tests/<context>/permissions.py` says.

What is in a lane is done one after the other, lanes side by side.
"""

from importlib import import_module

from takeaway.paths import REPOSITORY
from tests.system.iam.calls import Scenario

CONTEXTS = sorted(path.parent.name for path in (REPOSITORY / "tests").glob("*/permissions.py"))
LANES: list[dict[str, Scenario]] = [
    lane for context in CONTEXTS for lane in import_module(f"tests.{context}.permissions").LANES
]
FUNCTIONS = {name: scenario for lane in LANES for name, scenario in lane.items()}
