"""Builds what a function carries, without Docker: its context's runtime files, and pinned dependencies as a layer."""

import shutil
import subprocess
import sys
from pathlib import Path

import jsii
from aws_cdk import AssetHashType, BundlingOptions, DockerImage, ILocalBundling
from aws_cdk import aws_lambda as lambda_

REPOSITORY = Path(__file__).parents[2]
NOT_RUNTIME = ("infrastructure", "generator", "__pycache__", "*.md", "requirements*", "*.pyc")
# Runtimes from Python 3.12 on are built on Amazon Linux 2023, which has glibc 2.34.
PLATFORMS = {"arm64": "aarch64-manylinux_2_28", "x86_64": "x86_64-manylinux_2_28"}


@jsii.implements(ILocalBundling)
class _RuntimeFiles:
    """Copies one package, at the path that it has in the repository, with the `__init__` files above it."""

    def __init__(self, package: str, leave_out: tuple[str, ...]) -> None:
        self._package, self._ignored = package, (*NOT_RUNTIME, *leave_out)

    def try_bundle(self, output_dir: str, *_: object, **__: object) -> bool:
        *parents, _leaf = self._package.split(".")
        target = Path(output_dir, *self._package.split("."))
        shutil.copytree(
            REPOSITORY.joinpath(*self._package.split(".")),
            target,
            ignore=shutil.ignore_patterns(*self._ignored),
        )
        for depth in range(1, len(parents) + 1):
            init = Path(*parents[:depth], "__init__.py")
            shutil.copy(REPOSITORY / init, Path(output_dir) / init)
        _make_readable(Path(output_dir))
        return True


@jsii.implements(ILocalBundling)
class _Dependencies:
    """Installs a locked requirements file for the platform of the function, which need not be this one."""

    def __init__(self, requirements: Path, python: str, architecture: str) -> None:
        self._requirements, self._python, self._platform = requirements, python, PLATFORMS[architecture]

    def try_bundle(self, output_dir: str, *_: object, **__: object) -> bool:
        subprocess.run(  # noqa: S603 - our own pinned tool, arguments from the deployment
            [sys.executable, "-m", "uv", "pip", "install", "--quiet", "--require-hashes", "--only-binary", ":all:",
             "--no-compile-bytecode", "--python-version", self._python, "--python-platform", self._platform,
             "--target", f"{output_dir}/python", "--requirement", str(self._requirements)],
            check=True,
        )  # fmt: skip
        _leave_out_traces_of_this_machine(Path(output_dir, "python"))
        _make_readable(Path(output_dir))
        return True


def _leave_out_traces_of_this_machine(packages: Path) -> None:
    """Commands, which name the interpreter that installed them by its path, and what says that they are there."""
    shutil.rmtree(packages / "bin", ignore_errors=True)
    for trace in (packages / ".lock", *packages.glob("*.dist-info/RECORD")):
        trace.unlink(missing_ok=True)  # unlinked, not rewritten: it may be uv's own copy


def _make_readable(folder: Path) -> None:
    """For Lambda, which runs functions as another user than the one whose umask the files were written with."""
    for path in (folder, *folder.rglob("*")):
        path.chmod(path.stat().st_mode | (0o755 if path.is_dir() else 0o644))


def _bundled(source: Path, local: ILocalBundling, *, variant: tuple[str, ...]) -> lambda_.AssetCode:
    # The hash is that of the output: same input, same asset, and files that do not run do not cause a deployment.
    return lambda_.Code.from_asset(
        str(source),
        asset_hash_type=AssetHashType.OUTPUT,
        bundling=BundlingOptions(
            image=DockerImage.from_registry("local-bundling-only"),
            local=local,
            # The CDK bundles a source once for the same options, and can't see into `local`.
            environment={"VARIANT": " ".join(variant)},
        ),
    )


def runtime_files(package: str, leave_out: tuple[str, ...] = ()) -> lambda_.AssetCode:
    """The runtime files of one package of this repository, such as "contexts.orders", and nothing of another.

    `leave_out` names files and folders of it that the function does not need.
    """
    return _bundled(REPOSITORY.joinpath(*package.split(".")), _RuntimeFiles(package, leave_out), variant=leave_out)


def dependencies(package: str, requirements: str, *, python: str, architecture: str) -> lambda_.AssetCode:
    """What a requirements file of the package pins, laid out as a layer."""
    source = REPOSITORY.joinpath(*package.split("."))
    local = _Dependencies(source / requirements, python, architecture)
    return _bundled(source, local, variant=(requirements, python, architecture))
