"""What imports can't tell of the code of a context: what it takes from its surroundings (clock, chance, environment),
when it does so, and how long a handler is."""

import ast
from collections.abc import Iterator
from pathlib import Path

from takeaway.check.fitness.evidence import Evidence
from takeaway.check.fitness.names import Function, names_taken
from takeaway.check.fitness.rule import Finding, Told, check

ENVIRONMENT = {"environ", "getenv"}
# different at every call, so not for a domain
SURROUNDINGS = {"now", "utcnow", "today", "uuid1", "uuid4", *ENVIRONMENT}
LONGEST_HANDLER = 30


@check("nothing-from-surroundings")
def nothing_from_surroundings(evidence: Evidence) -> Iterator[Told]:
    code = evidence.code
    domains = {name: path for name, path in code.runtime.items() if ".domain" in name and name.startswith("contexts.")}
    for path in domains.values():
        for name in sorted(names_taken(code.parsed(path)) & SURROUNDINGS):
            yield Finding(code.relative(path), f"takes {name} from its surroundings")
    if domains:
        yield f"{len(domains)} modules of {len({name.split('.')[1] for name in domains})} domains"


@check("nothing-at-import")
def nothing_at_import(evidence: Evidence) -> Iterator[Told]:
    code = evidence.code
    for path in code.runtime.values():
        tree = code.parsed(path)
        if names_taken(tree) & ENVIRONMENT:  # else there is nothing to look closer at
            for name in sorted(read_at_import(tree)):
                yield Finding(code.relative(path), f"reads {name} when it is imported")
    if code.runtime:
        yield f"{len(code.runtime)} modules that are deployed"


def read_at_import(tree: ast.Module) -> set[str]:
    """What of the environment a module reads before anybody calls a function of it."""
    return {name for code in _run_at_import(tree) for name in names_taken(code)} & ENVIRONMENT


def _run_at_import(node: ast.AST) -> Iterator[ast.AST]:
    """The code of a module that runs when it is imported: all but the bodies of its functions."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, Function):
            yield from [*child.decorator_list, *child.args.defaults, *filter(None, child.args.kw_defaults)]
        elif isinstance(child, ast.ClassDef):
            yield from _run_at_import(child)
        elif not isinstance(child, ast.Lambda):
            yield child


@check("thin-handlers")
def thin_handlers(evidence: Evidence) -> Iterator[Told]:
    code = evidence.code
    lengths = {path: _lines(path) for name, path in code.runtime.items() if ".handlers" in name}
    for path, lines in lengths.items():
        if lines > LONGEST_HANDLER:
            yield Finding(code.relative(path), f"has {lines} lines, more than {LONGEST_HANDLER}")
    if lengths:
        yield f"{len(lengths)} handlers, the longest of {max(lengths.values())} lines"


def _lines(path: Path) -> int:
    return sum(bool(line.strip()) for line in path.read_text(encoding="utf-8").splitlines())
