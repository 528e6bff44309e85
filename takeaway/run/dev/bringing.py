"""Bring changed files to the engine in the fastest way: swap code or a definition, or deploy the context."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic

import grimp
from botocore.exceptions import ClientError

from takeaway.errors import TakeawayError
from takeaway.paths import REPOSITORY
from takeaway.run.client.target import Target
from takeaway.run.deploy import apps, swapped
from takeaway.run.deploy.assembly import Assembly
from takeaway.run.dev.bundles import Bundle, bundles_of
from takeaway.run.dev.workflows import DEFINITIONS, Machine, NeedsDeployment, machines_of, parsed
from takeaway.wiring import Wiring

IN_NO_TEMPLATE = ("*.md",)
CODE = ".py"
Files = frozenset[Path]


@dataclass
class Development:
    """Keeps a stage up to date with the files of this folder.

    `deploy` deploys one context by its own app and returns the assembly; `tell` gets a line for each thing done.
    """

    target: Target
    wiring: Wiring
    deploy: Callable[[str], Assembly]
    tell: Callable[[str], None]
    contexts: set[str] = field(default_factory=set)
    known: set[Path] = field(default_factory=lambda: {*apps.files(apps.everything())})
    bundles: list[Bundle] = field(default_factory=list)
    machines: list[Machine] = field(default_factory=list)

    def follow(self, assembly: Assembly) -> None:
        """Take an assembly as what is deployed now, for the contexts that it has."""
        new, built = {*assembly.contexts}, self.target.home.bundles
        files = sorted({file for each in new for file in (REPOSITORY / self._app(each).name).rglob(DEFINITIONS)})
        machines = machines_of(assembly, files, lambda name: swapped.definition_of(self.target, name))
        self.machines = [*(each for each in self.machines if each.context not in new), *machines]
        self.bundles = [
            *(each for each in self.bundles if each.context not in new),
            *bundles_of(assembly, built),
        ]
        self.contexts |= new

    def bring(self, changed: Files) -> None:
        """Bring changed, added or removed files to the engine. A failure is only told: the next change may fix it.

        A file that appeared and vanished between two calls is ignored, because an editor made it for a moment.
        """
        there = {*apps.files(apps.everything())}
        changed, self.known = changed & (self.known | there), there
        try:
            done = frozenset((*self._code(changed), *self._definitions(changed)))
            for context in self._templates(changed - done):
                began = monotonic()
                self.follow(self.deploy(context))
                self.tell(f"{context}: deployed by its own app ({monotonic() - began:.1f} s)")
        except (TakeawayError, ClientError) as error:
            self.tell(f"not brought: {error}")

    def _code(self, changed: Files) -> Iterator[Path]:
        """Give functions their new code, and yield the files that no template is made from."""
        for bundle in self.bundles:
            began = monotonic()
            if (hash_ := bundle.contents.hash()) != bundle.hash:
                swapped.functions(self.target, bundle.builders, bundle.made())
                bundle.hash = hash_
                count = len(bundle.builders)
                functions = f"{count} functions have" if count > 1 else "1 function has"
                self.tell(f"{bundle.context}: {functions} the new code ({monotonic() - began:.1f} s)")
        carried = changed & {file for bundle in self.bundles for file in bundle.files() if file.suffix == CODE}
        if carried:
            graph = grimp.build_graph("contexts", "examples", "shared", cache_dir=None)
            read = {each for context in self.contexts for each in _imports(graph, self._app(context).module)}
            yield from (file for file in carried if _module(file) not in read)

    def _definitions(self, changed: Files) -> Iterator[Path]:
        """Give state machines their new definitions, and yield the files that are done with that."""
        for machine in self.machines:
            if machine.file not in changed:
                continue
            began = monotonic()
            content = parsed(machine.file.read_bytes(), machine.file.name)
            try:
                if content != machine.now:
                    swapped.machine(self.target, machine.name, machine.template, machine.made(content))
                    machine.now = content
                    self.tell(f"{machine.context}: {machine.name} has the new definition ({monotonic() - began:.1f} s)")
            except NeedsDeployment as reason:
                self.tell(f"{machine.context}: {reason}, so its template has to be made anew")
            else:
                yield machine.file

    def _templates(self, changed: Files) -> list[str]:
        """Name the contexts whose templates are made from these files; a shared file is only told to need an `up`."""
        concerned: set[str] = set()
        for file in sorted(changed):
            name = file.relative_to(REPOSITORY)
            if any(name.match(pattern) for pattern in IN_NO_TEMPLATE):
                continue
            if apps.is_shared(name):
                self.tell(f"{name}: more than one context is made from it, so it needs `{self.target.command('up')}`")
            else:
                concerned |= {context for context in self.contexts if self._app(context).has(name)}
        return sorted(concerned)

    def _app(self, context: str) -> apps.CdkApp:
        return apps.of_context(context, self.wiring)


def _imports(graph: grimp.ImportGraph, app: str) -> set[str]:
    return {app, *graph.find_upstream_modules(app)}


def _module(file: Path) -> str:
    parts = file.relative_to(REPOSITORY).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
