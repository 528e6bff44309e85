"""Find code that may turn out otherwise when it runs again: a look at the clock, chance, the environment or AWS.

A function that is replayed may do that in a step only, because a step is done once.
"""

import ast
from collections.abc import Collection, Iterator

# Modules and names whose values differ from run to run, or from machine to machine.
SURROUNDINGS = (
    "asyncio", "boto3", "botocore", "concurrent", "datetime.date.today", "datetime.datetime.now",
    "datetime.datetime.today", "datetime.datetime.utcnow", "glob", "http.client", "httpx", "io", "multiprocessing",
    "os", "pathlib", "platform", "queue", "random", "requests", "secrets", "shutil", "socket", "subprocess", "tempfile",
    "threading", "time", "urllib.request", "urllib3", "uuid.uuid1", "uuid.uuid4", "uuid.uuid6", "uuid.uuid7",
)  # fmt: skip
BUILTINS = frozenset({"__import__", "eval", "exec", "hash", "id", "input", "open"})
PURE = frozenset({"bool", "int", "isinstance", "len", "max", "min", "repr", "str", "suppress"})
SETS = frozenset({"set", "frozenset"})  # whose order is another one in each process
Function = ast.FunctionDef | ast.AsyncFunctionDef


def differing(tree: ast.Module) -> Iterator[ast.expr]:
    """Yield each expression of a module that may have another value when it runs again, outside of steps."""
    return _differing(tree, dict(_imported(tree)), set(_done_once(tree)))


def calls(tree: ast.AST, methods: Collection[str]) -> Iterator[ast.Call]:
    """Yield the calls of methods with one of these names."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in methods:
            yield node


def unknown(tree: ast.Module, steps: Collection[str]) -> Iterator[ast.expr]:
    """Yield decorators of functions, and calls of what is neither a step, nor of the same module, nor surely pure."""
    own = {each.name for each in tree.body if isinstance(each, Function | ast.ClassDef)}
    known = {node.exc for node in ast.walk(tree) if isinstance(node, ast.Raise)} | set(calls(tree, steps))
    for node in ast.walk(tree):
        if isinstance(node, Function):
            yield from node.decorator_list
        elif isinstance(node, ast.Call) and node not in known and ast.unparse(node.func) not in own | PURE:
            yield node


def _imported(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """Yield each name that a module imports, with the dotted name that it stands for."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for each in node.names:
                first = each.name.partition(".")[0]
                yield (each.asname, each.name) if each.asname else (first, first)
        elif isinstance(node, ast.ImportFrom):
            yield from ((each.asname or each.name, f"{node.module}.{each.name}") for each in node.names)


def _done_once(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield the lambdas and functions that are given to `step`."""
    functions = [node for node in ast.walk(tree) if isinstance(node, Function)]
    yield from (each for each in functions if any(ast.unparse(by) == "durable_step" for by in each.decorator_list))
    for call in calls(tree, {"step"}):
        for given in (*call.args[:1], *(each.value for each in call.keywords if each.arg == "func")):
            yield given
            yield from (each for each in functions if isinstance(given, ast.Name) and each.name == given.id)


def _differing(node: ast.AST, imports: dict[str, str], done_once: set[ast.AST]) -> Iterator[ast.expr]:
    if node in done_once:
        return
    if isinstance(node, ast.expr) and _differs(node, imports):
        yield node
        return
    if isinstance(node, ast.For | ast.comprehension) and _is_set(node.iter):
        yield node.iter
    for child in ast.iter_child_nodes(node):
        yield from _differing(child, imports, done_once)


def _differs(node: ast.expr, imports: dict[str, str]) -> bool:
    match node:
        case ast.Call(func=function):
            return _differs(function, imports)
        case ast.Name(id=name) if name in BUILTINS and name not in imports:
            return isinstance(node.ctx, ast.Load)
    said = _dotted(node, imports)
    return any(said == each or said.startswith(f"{each}.") for each in SURROUNDINGS)


def _dotted(node: ast.expr, imports: dict[str, str]) -> str:
    match node:
        case ast.Name(id=name):
            return imports.get(name, "")
        case ast.Attribute(value=value, attr=name):
            return f"{said}.{name}" if (said := _dotted(value, imports)) else ""
    return ""


def _is_set(value: ast.expr) -> bool:
    """Tell whether a value is a set, as far as its own words say so."""
    is_made = isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id in SETS
    return is_made or isinstance(value, ast.Set | ast.SetComp)
