"""A packed assembly can be deployed from anywhere, and has the same bundles in each stage."""

import json
import shutil
from pathlib import Path

import pytest

from shared.infrastructure import packing
from shared.infrastructure.packing import pack
from takeaway.paths import REPOSITORY
from tests.between.infrastructure.conftest import Synthesize


@pytest.fixture
def dev(synthesized: Synthesize, tmp_path: Path) -> Path:
    """Return an assembly of one context, whose functions have no packages because installing those takes a minute."""
    return Path(shutil.copytree(synthesized("dev", "promotions").folder, tmp_path / "dev"))


def sources(assembly: Path) -> list[dict[str, object]]:
    files = [json.loads(file.read_text())["files"] for file in assembly.glob("*.assets.json")]
    return [asset["source"] for each in files for asset in each.values()]


@pytest.mark.packages
def test_a_packed_assembly_names_no_folder_and_no_command_of_the_machine_that_made_it(dev: Path) -> None:
    bundles = pack(dev)
    assert len(bundles) == 2  # the code, and a layer with what it imports
    assert [source for source in sources(dev) if "executable" in source] == []
    assert [source for source in sources(dev) if not (dev / str(source["path"])).is_file()] == []
    texts = [file.read_text() for file in dev.iterdir() if file.suffix == ".json"]
    assert [text for text in texts if str(REPOSITORY) in text] == []
    assert pack(dev) == []  # packing again changes nothing


def test_every_stage_carries_the_same_bundles(synthesized: Synthesize) -> None:
    """Production then runs the code that dev has run; only names and retention differ in the templates."""

    def bundles(stage: str) -> set[str]:
        files = json.loads(
            (synthesized(stage, "promotions").folder / f"takeaway-{stage}-promotions.assets.json").read_text()
        )["files"]
        return {hash_ for hash_, asset in files.items() if "executable" in asset["source"]}

    assert bundles("dev") == bundles("prod") != set()


@pytest.mark.parametrize("arguments", [[], ["nowhere"], ["one", "two"]])
def test_what_is_no_assembly_is_refused(arguments: list[str]) -> None:
    with pytest.raises(SystemExit, match="expected the folder of an assembly"):
        packing.main(arguments)
