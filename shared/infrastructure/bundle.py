"""Builds what a function carries, without Docker: its context's runtime files, and pinned dependencies as a layer."""

import shutil
import subprocess
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
    """Copies packages, at the path that each has in the repository, with the `__init__` files above it."""

    def __init__(self, packages: tuple[str, ...], leave_out: tuple[str, ...]) -> None:
        self._packages, self._ignored = packages, (*NOT_RUNTIME, *leave_out)

    def try_bundle(self, output_dir: str, *_: object, **__: object) -> bool:
        for package in self._packages:
            self._copy(package.split("."), Path(output_dir))
        return True

    def _copy(self, package: list[str], output: Path) -> None:
        ignored = shutil.ignore_patterns(*self._ignored)
        shutil.copytree(REPOSITORY.joinpath(*package), output.joinpath(*package), ignore=ignored)
        for depth in range(1, len(package)):
            init = Path(*package[:depth], "__init__.py")
            shutil.copy(REPOSITORY / init, output / init)


@jsii.implements(ILocalBundling)
class _Dependencies:
    """Installs a locked requirements file for the platform of the function, which need not be this one."""

    def __init__(self, requirements: Path, python: str, architecture: str) -> None:
        self._requirements, self._python, self._platform = requirements, python, PLATFORMS[architecture]

    def try_bundle(self, output_dir: str, *_: object, **__: object) -> bool:
        subprocess.run(  # noqa: S603 - our own pinned tool, arguments from the deployment
            ["uv", "pip", "install", "--quiet", "--require-hashes", "--only-binary", ":all:", "--no-compile-bytecode",  # noqa: S607
             "--python-version", self._python, "--python-platform", self._platform,
             "--target", f"{output_dir}/python", "--requirement", str(self._requirements)],
            check=True,
        )  # fmt: skip
        return True


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


def runtime_files(*packages: str, leave_out: tuple[str, ...] = ()) -> lambda_.AssetCode:
    """The runtime files of a package of this repository, such as "contexts.orders", and nothing of another.

    Of several, if the code of one imports the others. `leave_out` names files and folders that the function does not
    need.
    """
    source = REPOSITORY.joinpath(*packages[0].split("."))
    return _bundled(source, _RuntimeFiles(packages, leave_out), variant=(*packages[1:], *leave_out))


def dependencies(package: str, requirements: str, *, python: str, architecture: str) -> lambda_.AssetCode:
    """What a requirements file of the package pins, laid out as a layer."""
    source = REPOSITORY.joinpath(*package.split("."))
    return _bundled(source, _Dependencies(source / requirements, python, architecture), variant=(requirements,))
