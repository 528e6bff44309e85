"""A word for the type checker where the CDK's bindings for Python disagree with themselves."""

from typing import Any


def as_interface(construct: object) -> Any:
    """Return the construct as it is, to be passed where one of the CDK's interfaces is expected.

    The generated interfaces are protocols with names of parameters that the generated classes do not have, so mypy
    refuses what the CDK takes.
    """
    return construct
