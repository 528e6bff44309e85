"""The contents of a function's bundle: planned when templates are synthesized, built when it is published.

The CDK CLI runs this file for each bundle that it is about to publish (bundle.py), so it needs the standard library
only.
"""

import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from shared.infrastructure.bytecode import bytecode

REPOSITORY = Path(__file__).parents[2]
NOT_RUNTIME = (
    "infrastructure", "cdk.*", "generator", "rehearsal", "reader.py", "__pycache__", "*.md", "requirements*", "*.pyc",
    "*.asl.json",
)  # fmt: skip
IN_LAYER = "python/"  # the folder of a layer in which a runtime looks for packages
# Left out because they differ between machines: commands have the interpreter's path, and RECORD has their hashes.
NOT_IN_LAYER = ("python/bin/*", "python/.lock", "python/*.dist-info/RECORD")
NOT_CALLED = ("python/boto3/data/*", "python/boto3/examples/*")  # for boto3's resources, which no code here uses
MODELS = re.compile(r"python/botocore/data/([^/]+)/")  # models of all services of AWS, which are half of a layer
CLIENT = re.compile(r"""client\(\s*["']([a-z0-9-]+)["']""")
TASK, OPT = "/var/task/", "/opt/"  # where a runtime unpacks the code, and the layers
# Runtimes from Python 3.12 on are built on Amazon Linux 2023, which has glibc 2.34.
PLATFORMS = {"arm64": "aarch64-manylinux_2_28", "x86_64": "x86_64-manylinux_2_28"}
ALWAYS = (1980, 1, 1, 0, 0, 0)  # a zip file's earliest time, so that the same contents are the same bytes
EXECUTABLE, PLAIN = 0o755, 0o644


def runs(file: Path, leave_out: tuple[str, ...] = ()) -> bool:
    """Tell whether functions carry a file of their package; `file` is its path below the package's folder."""
    return not any(fnmatch(part, pattern) for part in file.parts for pattern in (*NOT_RUNTIME, *leave_out))


@dataclass(frozen=True)
class RuntimeFiles:
    """The files of a package that run, at their paths in the repository, with the `__init__` files above it.

    `also` are further packages whose code is imported; `leave_out` has patterns of files and folders to exclude.
    `bytecode` is the Python version to compile for, such as "3.13"; empty: not compiled.
    """

    package: str
    leave_out: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    bytecode: str = ""

    def __str__(self) -> str:
        packages = " and ".join((self.package, *self.also))
        return f"{packages}, in part" if self.leave_out else packages

    def hash(self) -> str:
        """Return a hash of the files that run, so that a change of any other file causes no deployment."""
        digest = hashlib.sha256(self.bytecode.encode())
        for name, file in self.sources():
            digest.update(name.encode() + b"\0" + hashlib.sha256(file.read_bytes()).digest())
        return digest.hexdigest()

    def files(self) -> Iterator[tuple[str, Path]]:
        """Yield the path of each file in the bundle, and where it is on this machine."""
        sources = list(self.sources())
        yield from sources
        if self.bytecode:
            with tempfile.TemporaryDirectory() as folder:
                yield from bytecode(sources, version=self.bytecode, below=TASK, folder=Path(folder))

    def services(self) -> tuple[str, ...]:
        """Return the services of AWS that the code makes clients of, by their names in botocore."""
        texts = (file.read_text(encoding="utf-8") for name, file in self.sources() if name.endswith(".py"))
        return tuple(sorted({service for text in texts for service in CLIENT.findall(text)}))

    def sources(self) -> Iterator[tuple[str, Path]]:
        """Yield the source files: the path of each in the bundle, and where it is on this machine."""
        found = dict.fromkeys(file for package in (self.package, *self.also) for file in self._files_of(package))
        yield from ((file.relative_to(REPOSITORY).as_posix(), file) for file in found)

    def _files_of(self, package: str) -> Iterator[Path]:
        *parents, _leaf = package.split(".")
        root = REPOSITORY.joinpath(*package.split("."))
        if not root.is_dir():
            raise FileNotFoundError(f"There is no package {package}: no folder {root}")
        yield from (REPOSITORY.joinpath(*parents[: depth + 1], "__init__.py") for depth in range(len(parents)))
        carried = (file for file in sorted(root.rglob("*")) if runs(file.relative_to(root), self.leave_out))
        yield from (file for file in carried if file.is_file())


@dataclass(frozen=True)
class Dependencies:
    """The packages of a locked requirements file, installed for a function's platform.

    `services` are those whose models are carried, to make the layer smaller; empty: all. `bytecode` is as in
    RuntimeFiles.
    """

    package: str
    requirements: str
    python: str
    architecture: str
    services: tuple[str, ...] = ()
    bytecode: str = ""

    def __str__(self) -> str:
        return f"{self.requirements} of {self.package} for Python {self.python}, {self.architecture}"

    def hash(self) -> str:
        """Return a hash of the request, without installing: its packages are pinned, so it identifies the result."""
        asked = "\0".join([*self._install(""), self.bytecode, *self.services, *NOT_CALLED])
        return hashlib.sha256(asked.encode() + self.file.read_bytes()).hexdigest()

    def files(self) -> Iterator[tuple[str, Path]]:
        with tempfile.TemporaryDirectory() as folder:
            uv = Path(sys.executable).with_name("uv")
            command = [str(uv), *self._install(f"{folder}/{IN_LAYER}"), "--requirement", str(self.file)]
            subprocess.run(command, check=True)  # noqa: S603 - our own pinned tool, arguments from the deployment
            files = ((f.relative_to(folder).as_posix(), f) for f in sorted(Path(folder).rglob("*")) if f.is_file())
            carried = [(name, file) for name, file in files if self._carries(name)]
            yield from carried
            if self.bytecode:
                yield from bytecode(carried, version=self.bytecode, below=OPT, folder=Path(folder, "compiled"))

    def _carries(self, name: str) -> bool:
        if self.services and (model := MODELS.match(name)) and model[1] not in self.services:
            return False
        return not any(fnmatch(name, each) for each in (*NOT_IN_LAYER, *NOT_CALLED))

    @property
    def file(self) -> Path:
        return REPOSITORY.joinpath(*self.package.split("."), self.requirements)

    def _install(self, target: str) -> list[str]:
        return [
            "pip", "install", "--quiet", "--require-hashes", "--only-binary", ":all:", "--no-compile-bytecode",
            "--python-version", self.python, "--python-platform", PLATFORMS[self.architecture], "--target", target,
        ]  # fmt: skip


@dataclass(frozen=True)
class WithDependencies:
    """Code and packages in one bundle, for an engine without layers."""

    code: RuntimeFiles
    dependencies: Dependencies

    def __str__(self) -> str:
        return f"{self.code} with {self.dependencies}"

    def hash(self) -> str:
        return hashlib.sha256(f"{self.code.hash()} {self.dependencies.hash()}".encode()).hexdigest()

    def files(self) -> Iterator[tuple[str, Path]]:
        yield from self.code.files()
        yield from ((name.removeprefix(IN_LAYER), file) for name, file in self.dependencies.files())


Contents = RuntimeFiles | Dependencies | WithDependencies


def contents_of(fields: dict[str, Any]) -> Contents:
    """Restore contents from the fields that `asdict` made of them."""
    if "code" in fields:
        return WithDependencies(RuntimeFiles(**fields["code"]), Dependencies(**fields["dependencies"]))
    return Dependencies(**fields) if "requirements" in fields else RuntimeFiles(**fields)


def command(contents: Contents, bundle: Path) -> list[str]:
    """Return the command that builds a bundle in a process of its own and prints its path."""
    return [sys.executable, __file__, str(bundle), json.dumps(asdict(contents))]


def build(contents: Contents, bundle: Path) -> None:
    """Write the bundle's zip file, whole or not at all.

    Its name contains its hash, so an existing file is the right one.
    """
    if bundle.exists():
        return
    if contents.hash() not in bundle.name:
        sys.exit(f"{contents} has changed since the templates were synthesized: deploy again.")
    unfinished = bundle.with_suffix(f".{os.getpid()}")
    with zipfile.ZipFile(unfinished, "w") as archive:
        for name, file in contents.files():
            add(archive, name, file)
    unfinished.replace(bundle)


def add(archive: zipfile.ZipFile, name: str, file: Path) -> None:
    entry = zipfile.ZipInfo(name, ALWAYS)
    entry.external_attr = (EXECUTABLE if os.access(file, os.X_OK) else PLAIN) << 16
    archive.writestr(entry, file.read_bytes(), zipfile.ZIP_DEFLATED)


if __name__ == "__main__":
    path, fields = Path(sys.argv[1]), json.loads(sys.argv[2])
    build(contents_of(fields), path)
    print(path)
