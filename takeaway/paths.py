"""Where things are in this repository; all of what `takeaway` runs is pinned and installed there by `make setup`."""

import sys
from pathlib import Path

REPOSITORY = Path(__file__).parents[1]
ENGINE_PYTHON = REPOSITORY / ".engine" / "bin" / "python"
LAUNCHER = REPOSITORY / "takeaway" / "engine" / "ministack_launcher.py"
CDK = REPOSITORY / "node_modules" / ".bin" / "cdk"
TOOLS = Path(sys.executable).parent  # python, node and uv of the project's own environment
OWN_HOME = REPOSITORY / ".home"  # of tools that keep caches, where the person's own can't be written
EXAMPLES = REPOSITORY / "examples" / "orders"
