"""Build a function's bundle from the files as they are now, and compare it with the deployed one."""

import io
import json
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from shared.infrastructure.bundle_contents import RuntimeFiles, WithDependencies, add, contents_of
from takeaway.errors import TakeawayError
from takeaway.run.deploy.assembly import Assembly

Code = RuntimeFiles | WithDependencies


class NotPython(TakeawayError):
    """Raised for a file that no function could import."""


@dataclass
class Bundle:
    """The bundle that some functions of a context share; `hash` is that of the bundle they have now.

    `builders` are the commands that built it, by function; `deployed` is the zip file that was deployed.
    """

    context: str
    contents: Code
    builders: dict[str, Sequence[str]]
    hash: str
    deployed: Path

    @property
    def code(self) -> RuntimeFiles:
        return self.contents.code if isinstance(self.contents, WithDependencies) else self.contents

    def files(self) -> set[Path]:
        return {file for _, file in self.code.sources()}

    def made(self) -> bytes:
        """Build a zip file of the code as it is now. Raises NotPython for a file that a function could not import.

        Packages are copied from the deployed bundle, because they are pinned and so have not changed.
        """
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w") as archive:
            for name, file in self.code.files():
                if file.suffix == ".py":
                    _check(name, file.read_bytes())
                add(archive, name, file)
            for entry, content in self._installed():
                archive.writestr(entry, content)
        return made.getvalue()

    def _installed(self) -> Iterator[tuple[zipfile.ZipInfo, bytes]]:
        if isinstance(self.contents, WithDependencies):
            ours = tuple({f"{name.partition('/')[0]}/" for name, _ in self.code.sources()})
            with zipfile.ZipFile(self.deployed) as deployed:
                for entry in deployed.infolist():
                    if not entry.filename.startswith(ours):
                        yield entry, deployed.read(entry)


def _check(name: str, source: bytes) -> None:
    try:
        compile(source, name, "exec")
    except SyntaxError as error:
        raise NotPython(f"{name}, line {error.lineno}: {error.msg}.") from None
    except ValueError as error:  # such as a file with null bytes
        raise NotPython(f"{name}: {error}.") from None


def bundles_of(assembly: Assembly, built: Path) -> list[Bundle]:
    """Return the bundles of a deployed assembly's functions; their zip files are in the folder `built`."""
    found: dict[tuple[str, str], Bundle] = {}
    for function, builder in assembly.functions.items():
        contents = contents_of(json.loads(builder[-1]))
        if isinstance(contents, Code):
            context = assembly.context_of(function)
            deployed = built / Path(builder[-2]).name
            hash_ = deployed.stem.removeprefix("bundle.")
            bundle = found.setdefault((context, builder[-1]), Bundle(context, contents, {}, hash_, deployed))
            bundle.builders[function] = builder
    return list(found.values())
