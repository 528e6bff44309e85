"""The source files that the rules look at: found in the tree, parsed once, never imported."""

import ast
import json
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from shared.infrastructure.bundle_contents import runs
from takeaway import paths
from takeaway.check.contracts.agreement import Disagreement
from takeaway.check.contracts.check import check
from takeaway.check.fitness.calls import Calls


class Code:
    """The source tree at `root`."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @cached_property
    def contexts(self) -> tuple[str, ...]:
        return paths.contexts(self.root)

    @cached_property
    def runtime(self) -> dict[str, Path]:
        """Every module that is deployed."""
        paths = sorted(self.root.glob("contexts/**/*.py"))
        return {self.dotted(path): path for path in paths if runs(Path(*path.relative_to(self.root).parts[2:]))}

    def runtime_of(self, package: str) -> dict[str, Path]:
        return {name: path for name, path in self.runtime.items() if name == package or name.startswith(f"{package}.")}

    def defined_in(self, package: str, kind: type[ast.ClassDef] | type[ast.FunctionDef]) -> set[str]:
        """The classes or the functions at the top of the modules of a package, by their names."""
        nodes = (node for path in self.runtime_of(package).values() for node in self.parsed(path).body)
        return {node.name for node in nodes if isinstance(node, kind)}

    def handlers_of(self, context: str) -> set[str]:
        paths = self.root.glob(f"contexts/{context}/handlers/*.py")
        return {path.stem for path in paths} - {"__init__"}

    def source_of(self, context: str) -> str | None:
        """The event source that a context publishes under."""
        path = self.root / f"contexts/{context}/published_events.py"
        if not path.exists():
            return None
        for node in self.parsed(path).body:
            match node:
                case ast.Assign(targets=[ast.Name(id="SOURCE")], value=ast.Constant(value=str() as source)):
                    return source
        return None

    @property
    def sources(self) -> list[str]:
        """Who publishes: each has a folder of schemas."""
        return sorted({path.parent.name for path in self.root.glob("shared/schemas/*/*.schema.json")})

    def published_types(self, source: str) -> set[str]:
        """The event types that a source has schemas of."""
        found = self.root.glob(f"shared/schemas/{source}/*.schema.json")
        return {path.name.split(".")[0] for path in found} - {"common"}

    @cached_property
    def schemas(self) -> dict[str, Any]:
        """Every schema of events, by its path."""
        return {
            self.relative(path): read_json(path) for path in sorted(self.root.glob("shared/schemas/*/*.schema.json"))
        }

    @property
    def declared(self) -> tuple[list[str], list[Disagreement]]:
        """Who reads events, and where that is not what is published. Asked once, as long as neither changes."""
        files = [*self.root.glob("*/*/consumed_events.py"), *sorted(self.root.glob("shared/schemas/**/*.json"))]
        return _declared(self.root, tuple((str(path), path.stat().st_mtime_ns) for path in files))

    def parsed(self, path: Path) -> ast.Module:
        return _parsed(path, path.stat().st_mtime_ns)

    @cache  # noqa: B019 - lives as long as the tree that it is about
    def calls_of(self, context: str) -> Calls:
        """Who may call whom in the code of a context."""
        return Calls({name: self.parsed(path) for name, path in self.runtime_of(f"contexts.{context}").items()})

    def relative(self, path: Path) -> str:
        return path.relative_to(self.root).as_posix()

    def dotted(self, path: Path) -> str:
        return self.relative(path).removesuffix(".py").removesuffix("/__init__").replace("/", ".")


@cache
def _declared(root: Path, _changed: object) -> tuple[list[str], list[Disagreement]]:
    return check(root)


@cache
def _parsed(path: Path, _changed: int) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def read_json(path: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return document
