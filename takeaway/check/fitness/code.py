"""Find and parse the source files that the rules look at; none is imported."""

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
        """All modules that are deployed, by dotted name."""
        paths = sorted(self.root.glob("contexts/**/*.py"))
        return {self.dotted(path): path for path in paths if runs(Path(*path.relative_to(self.root).parts[2:]))}

    def runtime_of(self, package: str) -> dict[str, Path]:
        return {name: path for name, path in self.runtime.items() if name == package or name.startswith(f"{package}.")}

    def defined_in(self, package: str, kind: type[ast.ClassDef] | type[ast.FunctionDef]) -> set[str]:
        """Name the classes or the functions at the top level of a package's modules."""
        nodes = (node for path in self.runtime_of(package).values() for node in self.parsed(path).body)
        return {node.name for node in nodes if isinstance(node, kind)}

    def handlers_of(self, context: str) -> set[str]:
        paths = self.root.glob(f"contexts/{context}/handlers/*.py")
        return {path.stem for path in paths} - {"__init__"}

    def source_of(self, context: str) -> str | None:
        """Return the SOURCE under which a context publishes events; None if it publishes none."""
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
        """The event sources: each has a folder of schemas."""
        return sorted({path.parent.name for path in self.root.glob("shared/schemas/*/*.schema.json")})

    def published_types(self, source: str) -> set[str]:
        """Return the event types for which a source has schemas."""
        found = self.root.glob(f"shared/schemas/{source}/*.schema.json")
        return {path.name.split(".")[0] for path in found} - {"common"}

    @cached_property
    def schemas(self) -> dict[str, Any]:
        """All event schemas, by path."""
        return {
            self.relative(path): read_json(path) for path in sorted(self.root.glob("shared/schemas/*/*.schema.json"))
        }

    @property
    def declared(self) -> tuple[list[str], list[Disagreement]]:
        """The consumers' names, and their disagreements with the schemas; cached until a file changes."""
        files = [*self.root.glob("*/*/consumed_events.py"), *sorted(self.root.glob("shared/schemas/**/*.json"))]
        return _declared(self.root, tuple((str(path), path.stat().st_mtime_ns) for path in files))

    def parsed(self, path: Path) -> ast.Module:
        return _parsed(path, path.stat().st_mtime_ns)

    @cache  # noqa: B019 - lives as long as the process
    def calls_of(self, context: str) -> Calls:
        """Return the call graph of a context's code."""
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
