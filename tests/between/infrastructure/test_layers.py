"""Bundles and layers for AWS: built for its runtime on any machine, byte for byte alike, and within its limits."""

import json
import shutil
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
from packaging.tags import compatible_tags, cpython_tags, parse_tag

from shared.infrastructure.bundle_contents import REPOSITORY, Contents, Dependencies, RuntimeFiles, command, contents_of
from takeaway.run.deploy import cdk

pytestmark = pytest.mark.packages
UNZIPPED_LIMIT = 250 * 1024 * 1024  # a function and its layers together
AMAZON_LINUX_GLIBC = 34  # 2.34, of Amazon Linux 2023
PLATFORMS = [*(f"manylinux_2_{minor}_aarch64" for minor in range(17, AMAZON_LINUX_GLIBC + 1)), "manylinux2014_aarch64"]
RUNS_THERE = {*cpython_tags((3, 13), platforms=PLATFORMS), *compatible_tags((3, 13), "cp313", PLATFORMS)}
ELF, ARM64 = b"\x7fELF", 183


@dataclass(frozen=True)
class Carried:
    """The contents of a bundle or a layer."""

    size: int
    wheels: list[str]
    processors: set[int]

    @classmethod
    def of(cls, contents: Contents) -> "Carried":
        size, wheels, processors = 0, [], set()
        for name, file in contents.files():
            content = file.read_bytes()
            size += len(content)
            if name.endswith(".dist-info/WHEEL"):
                wheels.append(content.decode())
            if content.startswith(ELF):
                processors.add(int.from_bytes(content[18:20], "little"))
        return cls(size, wheels, processors)


@dataclass(frozen=True)
class Assembly:
    """The assembly of a default deployment, which is to AWS."""

    folder: Path

    @cached_property
    def contents(self) -> dict[str, Contents]:
        """The contents of each bundle and layer, by its hash."""
        assets = [json.loads(file.read_text())["files"] for file in self.folder.glob("*.assets.json")]
        commands = [
            each["source"]["executable"]
            for files in assets
            for each in files.values()
            if "executable" in each["source"]
        ]
        found = [contents_of(json.loads(each[-1])) for each in commands]
        return {each.hash(): each for each in found}

    @cached_property
    def functions(self) -> dict[str, list[str]]:
        """The hashes of the bundle and the layers of each function."""
        found = {}
        for file in self.folder.glob("*.template.json"):
            resources: dict[str, Any] = json.loads(file.read_text())["Resources"]
            for resource in resources.values():
                if resource["Type"] == "AWS::Lambda::Function" and (name := resource["Properties"].get("FunctionName")):
                    layers = [
                        resources[each["Ref"]]["Properties"]["Content"] for each in resource["Properties"]["Layers"]
                    ]
                    code = [resource["Properties"]["Code"], *layers]
                    found[name] = [each["S3Key"].removesuffix(".zip") for each in code]
        return found


@pytest.fixture(scope="module")
def assembly(tmp_path_factory: pytest.TempPathFactory) -> Assembly:
    folder = tmp_path_factory.mktemp("aws")
    cdk.synthesize({"stage": "dev"}, folder / "cdk.out", log=folder / "log")
    return Assembly(folder / "cdk.out")


@pytest.fixture(scope="module")
def carried(assembly: Assembly) -> dict[str, Carried]:
    return {hash_: Carried.of(contents) for hash_, contents in assembly.contents.items()}


def runs_there(wheel: str) -> bool:
    """Tell whether the runtime can use a wheel, by the tags in its WHEEL file."""
    tags = (line.removeprefix("Tag: ") for line in wheel.splitlines() if line.startswith("Tag: "))
    return any(tag in RUNS_THERE for each in tags for tag in parse_tag(each))


def test_a_layer_holds_only_what_runs_on_its_runtime(carried: dict[str, Carried]) -> None:
    wheels = [wheel for each in carried.values() for wheel in each.wheels]
    assert len(wheels) > 50
    assert [wheel for wheel in wheels if not runs_there(wheel)] == []
    assert {processor for each in carried.values() for processor in each.processors} == {ARM64}


@pytest.mark.parametrize(
    "tag",
    ["cp313-cp313-manylinux_2_28_x86_64", "cp311-cp311-manylinux2014_aarch64", "cp313-cp313-manylinux_2_35_aarch64"],
)
def test_a_wheel_for_another_runtime_would_be_found(tag: str) -> None:
    assert not runs_there(f"Wheel-Version: 1.0\nTag: {tag}\n")


def test_every_function_fits_into_lambda_together_with_its_layer(
    assembly: Assembly, carried: dict[str, Carried]
) -> None:
    sizes = {name: sum(carried[hash_].size for hash_ in hashes) for name, hashes in assembly.functions.items()}
    assert len(sizes) > 15
    assert min(sizes.values()) > 5_000_000  # each has a layer
    assert {name: size for name, size in sizes.items() if size > UNZIPPED_LIMIT} == {}


def test_a_layer_is_the_same_to_the_byte_on_a_machine_where_everything_lies_elsewhere(tmp_path: Path) -> None:
    contents = Dependencies("contexts.console", "requirements.txt", "3.13", "arm64")  # the smallest
    here, there = (tmp_path / name / f"{contents.hash()}.zip" for name in ("here", "there"))
    for bundle in (here, there):
        bundle.parent.mkdir()
    for source in ("shared/infrastructure", "contexts/console"):
        shutil.copytree(REPOSITORY / source, there.parent / source)
    (there.parent / "venv").symlink_to(Path(sys.prefix))
    _, script, *arguments = command(contents, there)
    elsewhere = [there.parent / "venv/bin/python", there.parent / Path(script).relative_to(REPOSITORY), *arguments]
    subprocess.run(command(contents, here), check=True, capture_output=True)
    subprocess.run(elsewhere, check=True, capture_output=True, umask=0o077)
    assert here.read_bytes() == there.read_bytes()


def test_what_a_function_carries_can_be_read_by_whoever_runs_it(tmp_path: Path) -> None:
    contents = RuntimeFiles("contexts.promotions")
    bundle = tmp_path / f"{contents.hash()}.zip"
    subprocess.run(command(contents, bundle), check=True, capture_output=True, umask=0o077)
    modes = {entry.external_attr >> 16 & 0o777 for entry in zipfile.ZipFile(bundle).infolist()}
    assert modes == {0o644}
