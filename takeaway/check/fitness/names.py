"""Find the functions, classes, variables and imports that a module's names mean."""

import ast
from dataclasses import dataclass, field
from functools import cache

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass
class Names:
    """The names of one module. Functions and classes are by node, such as "module:Class.method".

    Imports have the value "module:name", or "module:" for a whole module.
    """

    functions: dict[str, Function] = field(default_factory=dict)
    classes: dict[str, set[str]] = field(default_factory=dict)
    variables: set[str] = field(default_factory=set)
    imports: dict[str, str] = field(default_factory=dict)
    decorated: set[str] = field(default_factory=set)  # given to a decorator, which may call it
    done_at_import: list[ast.stmt] = field(default_factory=list)

    @classmethod
    def of(cls, module: str, tree: ast.Module) -> "Names":
        names = cls()
        for node in tree.body:
            match node:
                case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                    names.functions[f"{module}:{name}"] = node
                    names.decorated |= {f"{module}:{name}"} if node.decorator_list else set()
                case ast.ClassDef(name=name):
                    members = [member for member in node.body if isinstance(member, Function)]
                    methods = {f"{module}:{name}.{member.name}": member for member in members}
                    names.functions |= methods
                    names.classes[f"{module}:{name}"] = set(methods)
                case ast.Import() | ast.ImportFrom():
                    pass
                case _:
                    names.done_at_import.append(node)
                    names.variables |= _assigned(node)
        for inner in ast.walk(tree):  # imports within functions as well
            names.imports |= _imported(inner)
        return names


@cache
def words_in(tree: ast.Module) -> frozenset[str]:
    """Return all names and string constants of a module: a quick test whether a word occurs at all."""
    words: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case (
                ast.Constant(value=str() as word)
                | ast.Name(id=word)
                | ast.Attribute(attr=word)
                | ast.keyword(arg=str() as word)
            ):
                words.add(word)
    return frozenset(words)


@cache
def names_taken(tree: ast.AST) -> frozenset[str]:
    """Return the attribute and import names in code: `environ` of `os.environ` and of `from os import environ`."""
    taken = (node for node in ast.walk(tree) if isinstance(node, ast.Attribute | ast.alias))
    return frozenset(node.attr if isinstance(node, ast.Attribute) else node.name for node in taken)


@cache
def imported_by(tree: ast.Module) -> frozenset[str]:
    """Return the dotted names of the modules that a module imports, and of the names it imports from them."""
    imported: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                imported |= {each.name for each in names}
            case ast.ImportFrom(module=str() as origin, names=names):
                imported |= {origin, *(f"{origin}.{each.name}" for each in names)}
    return frozenset(imported)


def _assigned(code: ast.stmt) -> set[str]:
    named = [node for node in ast.walk(code) if isinstance(node, ast.Name)]
    return {node.id for node in named if isinstance(node.ctx, ast.Store)}


def _imported(node: ast.AST) -> dict[str, str]:
    match node:
        case ast.ImportFrom(module=str() as module, names=names):
            return {each.asname or each.name: f"{module}:{each.name}" for each in names}
        case ast.Import(names=names):
            return {each.asname: f"{each.name}:" for each in names if each.asname}
    return {}
