"""What code takes from its surroundings (clock, chance, environment), and when it does so."""

import ast
from collections.abc import Iterator
from functools import cache

# different at every call, so not for a domain
SURROUNDINGS = {"now", "utcnow", "today", "uuid1", "uuid4", "environ", "getenv"}
ENVIRONMENT = {"environ", "getenv"}


def names_used(tree: ast.AST) -> set[str]:
    """What a piece of code takes from modules and objects, be it `os.environ` or `from os import environ`."""
    found = set()
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(attr=name) | ast.alias(name=name):
                found.add(name)
    return found


def run_at_import(node: ast.AST) -> Iterator[ast.AST]:
    """The code of a module that runs when it is imported: all but the bodies of its functions."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from [*child.decorator_list, *child.args.defaults, *filter(None, child.args.kw_defaults)]
        elif isinstance(child, ast.ClassDef):
            yield from run_at_import(child)
        elif not isinstance(child, ast.Lambda):
            yield child


@cache
def read_at_import(tree: ast.Module) -> set[str]:
    return set().union(*map(names_used, run_at_import(tree))) & ENVIRONMENT


@cache
def surroundings_read(tree: ast.Module) -> set[str]:
    return names_used(tree) & SURROUNDINGS
