"""Trace where a task token goes in a context's code: from the table's attribute to the callback."""

import ast
from collections.abc import Iterator, Mapping
from functools import cached_property

from takeaway.check.fitness.names import Function, words_in

CALLBACK = "taskToken"  # the parameter of SendTaskSuccess and its kin
SUFFIX = "_token"


class TokenFlow:
    """The functions that touch a token, by name: `readers` read it, `returns` send it back, `users` pass it on."""

    def __init__(self, modules: Mapping[str, ast.Module], attributes: frozenset[str]) -> None:
        self._attributes = attributes
        # A module in which none of these words occurs need not be looked at.
        telling = {*attributes, SUFFIX, CALLBACK}
        readers = {
            node.name
            for tree in modules.values()
            if telling & words_in(tree)
            for node in ast.walk(tree)
            if isinstance(node, Function)
        }
        self._modules = {name: tree for name, tree in modules.items() if (telling | readers) & words_in(tree)}
        self._places = [
            (module, node)
            for module, tree in self._modules.items()
            for node in ast.walk(tree)
            if isinstance(node, Function)
        ]
        functions = [function for _, function in self._places]
        self.readers = {each.name for each in functions if any(map(self._is_attribute, ast.walk(each)))}
        self.returns = {each.name for each in functions if _callbacks(each)}
        self.users = {each.name for each in functions if any(map(self._is_reading, ast.walk(each)))} - self.readers

    @cached_property
    def leaks(self) -> list[tuple[str, str]]:
        """The modules that do more with a token than send it back, and what they do."""
        return [*self._named_elsewhere(), *self._kept_elsewhere()]

    def _named_elsewhere(self) -> Iterator[tuple[str, str]]:
        for module, tree in self._modules.items():
            inside = {id(node) for name, function in self._places if name == module for node in ast.walk(function)}
            if any(id(node) not in inside for node in ast.walk(tree) if self._is_attribute(node)):
                yield module, "names the attribute of the token outside of a function that reads it"
            if ".adapters" not in module and any(map(self._is_attribute, ast.walk(tree))):
                yield module, "names the attribute of the token: only an adapter knows it"

    def _kept_elsewhere(self) -> Iterator[tuple[str, str]]:
        for module, function in self._places:
            if function.name in self.users:
                yield from ((module, f"{function.name}: {what}") for what in self._misused(function))
            for given in _callbacks(function):
                if any(not _is_callback(parent) for _, parent in _uses(function, given)):
                    yield module, f"{function.name}: uses {given} for more than the callback"

    def _misused(self, function: Function) -> Iterator[str]:
        """Yield wrong uses: a token may be kept in a variable, tested, and handed to the callback, nothing else."""
        parents = _parents(function)
        for node in filter(self._is_reading, ast.walk(function)):
            kept = parents[node]
            uses = [(node, kept)]
            if isinstance(kept, ast.Assign) and all(isinstance(target, ast.Name) for target in kept.targets):
                uses = [use for target in kept.targets for use in _uses(function, ast.unparse(target))]
            for used, parent in uses:
                if not self._is_allowed(used, parent):
                    yield f"the token goes into `{ast.unparse(parent)}`"

    def _is_allowed(self, used: ast.AST, parent: ast.AST) -> bool:
        match parent:
            case ast.Call(func=called):
                return ast.unparse(called).rpartition(".")[2] in self.returns
            case ast.If(test=test) | ast.IfExp(test=test):
                return test is used
        return isinstance(parent, ast.Compare | ast.UnaryOp)

    def _is_reading(self, node: ast.AST) -> bool:
        return isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in self.readers

    def _is_attribute(self, node: ast.AST) -> bool:
        """True for the attribute's name, or for the suffix with which such a name is put together."""
        return isinstance(node, ast.Constant) and node.value in {*self._attributes, SUFFIX}


def _callbacks(function: Function) -> set[str]:
    """Return the variables that a function hands to the callback as the token."""
    keywords = [each for node in ast.walk(function) if isinstance(node, ast.Call) for each in node.keywords]
    return {each.value.id for each in keywords if each.arg == CALLBACK and isinstance(each.value, ast.Name)}


def _is_callback(node: ast.AST) -> bool:
    return isinstance(node, ast.keyword) and node.arg == CALLBACK


def _uses(function: Function, name: str) -> list[tuple[ast.AST, ast.AST]]:
    """Return every node that reads a variable, with its parent node."""
    return [
        (node, parent)
        for node, parent in _parents(function).items()
        if isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Load)
    ]


def _parents(function: Function) -> dict[ast.AST, ast.AST]:
    return {child: node for node in ast.walk(function) for child in ast.iter_child_nodes(node)}
