"""A cast for the type checker, where the CDK's Python bindings contradict themselves."""

from typing import Any


def as_interface(construct: object) -> Any:
    """Return the construct unchanged, to be passed where one of the CDK's interfaces is expected.

    The generated interfaces are protocols whose parameters have other names than those of the generated classes, so
    mypy refuses what the CDK takes.
    """
    return construct
