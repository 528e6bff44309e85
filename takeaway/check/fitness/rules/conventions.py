"""Rules about a context's code that imports can't show: use of clock, chance and environment, and handlers' length."""

import ast
from collections.abc import Iterator
from pathlib import Path

from takeaway.check.fitness.evidence import Evidence
from takeaway.check.fitness.names import Function, names_taken
from takeaway.check.fitness.rule import Finding, Told, check

ENVIRONMENT = {"environ", "getenv"}
# These differ from call to call, so a domain must get them as arguments.
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
        if names_taken(tree) & ENVIRONMENT:  # a quick test before the closer look
            for name in sorted(read_at_import(tree)):
                yield Finding(code.relative(path), f"reads {name} when it is imported")
    if code.runtime:
        yield f"{len(code.runtime)} modules that are deployed"


def read_at_import(tree: ast.Module) -> set[str]:
    """Return the names with which a module reads the environment while it is imported."""
    return {name for code in _run_at_import(tree) for name in names_taken(code)} & ENVIRONMENT


def _run_at_import(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the code that runs when a module is imported: all except the bodies of functions."""
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
