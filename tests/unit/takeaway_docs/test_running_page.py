"""The page on running lists the parameters that there are, with the defaults that they have."""

import json
import re
from pathlib import Path

REPOSITORY = Path(__file__).parents[3]
ROW = re.compile(r"^\| `(?P<name>\w+)` \| `(?P<default>[^`]+)` \|", re.MULTILINE)


def test_every_parameter_is_documented_with_its_default() -> None:
    page = (REPOSITORY / "docs/running.md").read_text(encoding="utf-8")
    defaults = json.loads((REPOSITORY / "cdk.json").read_text(encoding="utf-8"))["context"]
    assert dict(ROW.findall(page)) == {name: str(value) for name, value in defaults.items()}
