"""What the names of one module stand for: its functions, classes, variables and imports."""

import ast
from dataclasses import dataclass, field
from functools import cache

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass
class Names:
    """Functions and classes are by their node ("module:Class.method"); imports say "module:name", or "module:"."""

    functions: dict[str, Function] = field(default_factory=dict)
    classes: dict[str, set[str]] = field(default_factory=dict)
    variables: set[str] = field(default_factory=set)
    imports: dict[str, str] = field(default_factory=dict)
    decorated: set[str] = field(default_factory=set)  # handed over to whatever decorates it: it may be called
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
        for inner in ast.walk(tree):  # also where a function imports what only it needs
            names.imports |= _imported(inner)
        return names


@cache
def words_in(tree: ast.Module) -> frozenset[str]:
    """Every name and every text in a module: what is not in it, it does not speak of."""
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
    """What a piece of code takes from modules and objects, be it `os.environ` or `from os import environ`."""
    taken = (node for node in ast.walk(tree) if isinstance(node, ast.Attribute | ast.alias))
    return frozenset(node.attr if isinstance(node, ast.Attribute) else node.name for node in taken)


@cache
def imported_by(tree: ast.Module) -> frozenset[str]:
    """The modules that a module imports, and what it imports from them, by their dotted names."""
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
