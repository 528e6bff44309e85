"""Everything that can be deployed by itself: each context with a CDK app, and the bus.

They are found by their cdk.json, so a new context needs to be registered nowhere.
"""

from pathlib import Path


def folders(repository: Path) -> dict[str, Path]:
    """Return the folder of each cdk.json, by the last part of its stack's name."""
    files = [*sorted(repository.glob("contexts/*/cdk.json")), repository / "shared/bus/cdk.json"]
    return {file.parent.name: file.parent for file in files}
