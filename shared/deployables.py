"""What can be deployed by itself: every context that has a CDK app, and the bus. Whoever adds one tells nobody."""

from pathlib import Path


def folders(repository: Path) -> dict[str, Path]:
    """Where each has its cdk.json, by the last part of its stack's name."""
    files = [*sorted(repository.glob("contexts/*/cdk.json")), repository / "shared/bus/cdk.json"]
    return {file.parent.name: file.parent for file in files}
