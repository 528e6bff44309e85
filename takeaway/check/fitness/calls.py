"""Build a call graph of a package from names alone: nothing is run, and an unclear name counts as a call.

A node is "module:function", "module:Class.method", or "module:" for what a module does when it is imported.
"""

import ast
from collections.abc import Iterable, Iterator, Mapping

from takeaway.check.fitness.names import Names

MOST_REEXPORTS = 5


class Calls:
    """The call graph of the given modules, which are named by their dotted names."""

    def __init__(self, modules: Mapping[str, ast.Module]) -> None:
        self._names = {module: Names.of(module, tree) for module, tree in modules.items()}
        self.functions = {node: code for names in self._names.values() for node, code in names.functions.items()}
        self._methods: dict[str, set[str]] = {}
        for node in self.functions:
            _, dot, method = node.partition(":")[2].partition(".")
            if dot:
                self._methods.setdefault(method, set()).add(node)
        self._calls = {node: self._called_by(node.partition(":")[0], code) for node, code in self.functions.items()}
        for module, names in self._names.items():
            self._calls[f"{module}:"] = {*names.decorated, *self._called_by(module, *names.done_at_import)}
            # Making an object may run its dunder methods, so a class counts as calling them.
            self._calls |= {name: {each for each in methods if "__" in each} for name, methods in names.classes.items()}

    def way(self, starts: Iterable[str], goals: set[str]) -> list[str] | None:
        """Return a shortest chain of calls from a start to a goal; None if there is none."""
        ahead = [*starts]
        before = dict.fromkeys(ahead, "")
        for node in ahead:
            if node in goals:
                return [*_back(node, before)][::-1]
            new = sorted(self._calls.get(node, set()) - before.keys())
            before |= dict.fromkeys(new, node)
            ahead += new
        return None

    def _called_by(self, module: str, *code: ast.AST) -> set[str]:
        called: set[str] = set()
        for node in (inner for each in code for inner in ast.walk(each)):
            match node:
                case ast.Name(id=name):
                    called |= self._named(module, name)
                case ast.Attribute(value=owner, attr=name):
                    called |= self._methods.get(name, set()) | self._named(
                        self._module(module, ast.unparse(owner)), name
                    )
        return called

    def _named(self, module: str, name: str, *, deeper: int = MOST_REEXPORTS) -> set[str]:
        """Find the node that a name means in a module; a variable means the module's own code."""
        names = self._names.get(module)
        if names is None:
            return set()
        node = f"{module}:{name}"
        if node in names.functions or node in names.classes:
            return {node}
        if name in names.imports and deeper:
            origin, _, original = names.imports[name].partition(":")
            return self._named(origin, original, deeper=deeper - 1)
        return {f"{module}:"} if name in names.variables else set()

    def _module(self, module: str, owner: str) -> str:
        """Find the module that the left side of a dot means, by an import or by its full name."""
        for _ in range(MOST_REEXPORTS):
            imported = self._names[module].imports.get(owner, owner)
            module, _, owner = imported.partition(":")
            whole = imported.replace(":", ".").removesuffix(".")
            if whole in self._names or module not in self._names:
                return whole
        return ""


def _back(node: str, before: Mapping[str, str]) -> Iterator[str]:
    while node:
        yield node
        node = before[node]
