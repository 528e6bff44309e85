"""What functions carry on AWS: built for its runtime on whatever machine, alike on each, and within its limits."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from packaging.tags import compatible_tags, cpython_tags, parse_tag

from takeaway.deploy.fingerprint import SOURCES
from takeaway.paths import REPOSITORY

pytestmark = pytest.mark.packages
UNZIPPED_LIMIT = 250 * 1024 * 1024  # of a function and its layers together
AMAZON_LINUX_GLIBC = 34  # 2.34, of Amazon Linux 2023
PLATFORMS = [*(f"manylinux_2_{minor}_aarch64" for minor in range(17, AMAZON_LINUX_GLIBC + 1)), "manylinux2014_aarch64"]
RUNS_THERE = {*cpython_tags((3, 13), platforms=PLATFORMS), *compatible_tags((3, 13), "cp313", PLATFORMS)}
ELF, ARM64 = b"\x7fELF", 183
OPEN_TO_ALL = 0o444


@dataclass(frozen=True)
class Assembly:
    """What a default deployment, to AWS, is made of."""

    folder: Path

    @property
    def description(self) -> dict[str, str]:
        """Templates and assets, of which every hash is a part."""
        files = (file for kind in ("template", "assets") for file in self.folder.glob(f"*.{kind}.json"))
        return {file.name: file.read_text(encoding="utf-8") for file in files}

    @property
    def layers(self) -> set[Path]:
        return {layer for _, carried in self.functions() for layer in carried[1:]}

    def functions(self) -> Iterator[tuple[str, list[Path]]]:
        """The name of each, and the folders with its code and its layers."""
        for file in self.folder.glob("*.template.json"):
            resources: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))["Resources"]
            for resource in resources.values():
                if resource["Type"] == "AWS::Lambda::Function":
                    properties = resource["Properties"]
                    layers = [resources[each["Ref"]]["Properties"]["Content"] for each in properties["Layers"]]
                    yield properties["FunctionName"], [self._asset(each) for each in (properties["Code"], *layers)]

    def _asset(self, code: dict[str, str]) -> Path:
        return self.folder / f"asset.{code['S3Key'].removesuffix('.zip')}"


def synthesized(repository: Path, python: Path, out: Path, *, umask: int) -> Assembly:
    context = json.loads((repository / "cdk.json").read_text(encoding="utf-8"))["context"]
    environment = os.environ | {
        "CDK_OUTDIR": str(out),
        "CDK_CONTEXT_JSON": json.dumps(context),
        "PATH": f"{python.parent}{os.pathsep}{os.environ['PATH']}",
    }
    command = [str(python), "app.py"]
    made = subprocess.run(
        command, cwd=repository, env=environment, umask=umask, capture_output=True, text=True, check=False
    )
    assert made.returncode == 0, made.stderr
    return Assembly(out)


@pytest.fixture(scope="module")
def assemblies(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Assembly, Assembly]]:
    """One made here, one as on a machine where everything lies elsewhere and files are private."""
    here, elsewhere = tmp_path_factory.mktemp("here"), tmp_path_factory.mktemp("elsewhere")
    (elsewhere / "venv").symlink_to(Path(sys.prefix))
    for source in ("takeaway/__init__.py", *SOURCES):
        copy = shutil.copytree if (REPOSITORY / source).is_dir() else shutil.copy
        (elsewhere / source).parent.mkdir(parents=True, exist_ok=True)
        copy(REPOSITORY / source, elsewhere / source)
    for file in (elsewhere / "contexts").rglob("*.py"):
        file.chmod(0o600)
    with ThreadPoolExecutor(2) as pool:
        one = pool.submit(synthesized, REPOSITORY, Path(sys.executable), here / "out", umask=0o022)
        other = pool.submit(synthesized, elsewhere, elsewhere / "venv/bin/python", elsewhere / "out", umask=0o077)
        yield one.result(), other.result()
    for folder in (here, elsewhere):
        shutil.rmtree(folder)  # half a gigabyte


def runs_there(wheel: str) -> bool:
    """Whether the runtime can use a wheel, by what its WHEEL file says of it."""
    tags = (line.removeprefix("Tag: ") for line in wheel.splitlines() if line.startswith("Tag: "))
    return any(tag in RUNS_THERE for each in tags for tag in parse_tag(each))


def processor(binary: bytes) -> int | None:
    """What it is compiled for, if it is compiled."""
    return int.from_bytes(binary[18:20], "little") if binary.startswith(ELF) else None


def test_the_same_sources_become_the_same_templates_and_assets_on_every_machine(
    assemblies: tuple[Assembly, Assembly],
) -> None:
    one, other = assemblies
    assert one.description == other.description
    assert len(one.layers) == 5


def test_a_layer_holds_only_what_runs_on_its_runtime(assemblies: tuple[Assembly, Assembly]) -> None:
    one, _ = assemblies
    wheels = [wheel for layer in one.layers for wheel in layer.glob("python/*.dist-info/WHEEL")]
    assert len(wheels) > 50
    assert [wheel for wheel in wheels if not runs_there(wheel.read_text(encoding="utf-8"))] == []
    compiled = [path for layer in one.layers for path in layer.rglob("*.so*")]
    assert {processor(path.read_bytes()) for path in compiled} == {ARM64}


@pytest.mark.parametrize(
    "tag",
    ["cp313-cp313-manylinux_2_28_x86_64", "cp311-cp311-manylinux2014_aarch64", "cp313-cp313-manylinux_2_35_aarch64"],
)
def test_a_wheel_for_another_runtime_would_be_found(tag: str) -> None:
    assert not runs_there(f"Wheel-Version: 1.0\nTag: {tag}\n")


def test_every_function_fits_into_lambda_together_with_its_layer(assemblies: tuple[Assembly, Assembly]) -> None:
    one, _ = assemblies
    sizes = {
        name: sum(file.stat().st_size for folder in carried for file in folder.rglob("*") if file.is_file())
        for name, carried in one.functions()
    }
    assert len(sizes) > 15
    assert {name: size for name, size in sizes.items() if size > UNZIPPED_LIMIT} == {}


def test_what_a_function_carries_can_be_read_by_whoever_runs_it(assemblies: tuple[Assembly, Assembly]) -> None:
    _, private = assemblies
    files = [file for _, carried in private.functions() for folder in carried for file in folder.rglob("*")]
    assert [file for file in files if file.stat().st_mode & OPEN_TO_ALL != OPEN_TO_ALL] == []
