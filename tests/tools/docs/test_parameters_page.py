"""The page of parameters lists all parameters, with their defaults."""

import re

import pytest

from contexts.orders.infrastructure.parameters import OrdersParameters
from examples.systems import orders_of
from shared.infrastructure import deployment
from takeaway.paths import REPOSITORY

ROW = re.compile(r"^\| `(?P<name>\w+)` \| `(?P<default>[^`]+)` \|", re.MULTILINE)
# The code that reads a parameter: `flag(get, "archive")`. A flag is on unless a default is given.
ASKED = re.compile(r"\b(?P<kind>text|flag|seconds|one_of|email|sender)\(get(?:, \"(?P<name>\w+)\")?")
PLACES = ("app.py", "contexts/*/infrastructure/*.py", "shared/*/infrastructure/*.py", "shared/infrastructure/*.py")


@pytest.fixture
def defaults(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Return the default of each parameter."""
    found: dict[str, str] = {}
    given = deployment._given

    def noted(get: deployment.Get, name: str, default: object) -> object:
        found[name] = str(default).lower() if isinstance(default, bool) else str(default)
        return given(get, name, default)

    monkeypatch.setattr(deployment, "_given", noted)
    for read in (deployment.Deployment.from_context, OrdersParameters.from_context, orders_of):
        read({}.get)
    return found


def flags() -> set[str]:
    """Return the flags that apps read."""
    files = [file for place in PLACES for file in REPOSITORY.glob(place)]
    found = (ASKED.finditer(file.read_text(encoding="utf-8")) for file in files)
    return {each["name"] for every in found for each in every if each["kind"] == "flag" and each["name"]}


def test_every_parameter_is_documented_with_its_default(defaults: dict[str, str]) -> None:
    page = (REPOSITORY / "docs/parameters.md").read_text(encoding="utf-8")
    assert flags() >= {"archive", "athena", "console"}
    assert dict(ROW.findall(page)) == {**dict.fromkeys(flags(), "true"), **defaults}
