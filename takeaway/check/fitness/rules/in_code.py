"""Rules about a workflow that is code: it is replayed, so it must do the same each time."""

import ast
from collections.abc import Iterator
from pathlib import Path

from takeaway.check.fitness.code import Code
from takeaway.check.fitness.evidence import Evidence
from takeaway.check.fitness.rule import Finding, Told, check, counted
from takeaway.drawing.in_code import InCode, NotUnderstood

FILES = "examples/*/workflow.py"  # a module; the workflow of a definition is a folder
STEPS = "steps.py"  # beside it: how a step and a wait are made
NONE = "no workflow here is written in code"


def _written(code: Code) -> list[Path]:
    return sorted(code.root.glob(FILES))


@check("code-is-steps")
def is_steps(evidence: Evidence) -> Iterator[Told]:
    """Reads it as a graph, which knows steps and what leads from one to another, and nothing else."""
    for path in _written(evidence.code):
        where = evidence.code.relative(path)
        try:
            found = InCode.read(path.read_text(encoding="utf-8"))
        except NotUnderstood as error:
            yield Finding(where, str(error))
        else:
            yield f"{where}: {counted(found.steps, 'step')}, {counted(found.ways, 'arrow')} between them"
    if not _written(evidence.code):
        yield NONE


@check("code-as-states")
def as_states(evidence: Evidence) -> Iterator[Told]:
    code = evidence.code
    states = {name for definition in evidence.definitions.values() for name in definition.get("States", {})}
    for path in _written(code):
        for node in ast.walk(code.parsed(path)):
            match node:
                case ast.Call(
                    func=ast.Attribute(attr="does" | "tells" | "awaits"), args=[ast.Constant(value=str() as name), *_]
                ):
                    if name not in states:
                        yield Finding(code.relative(path), f"{name}: no state of a definition has that name")
        steps = path.with_name(STEPS)
        waits = list(_waits(code.parsed(steps))) if steps.is_file() else []
        for line in (line for line, ends in waits if not ends):
            yield Finding(code.relative(steps), f"line {line}: a callback without a timeout waits for a year")
        yield f"{code.relative(path)}: named as states, and {counted(waits, 'callback')} with a timeout"
    if not _written(code):
        yield NONE


def _waits(tree: ast.Module) -> Iterator[tuple[int, bool]]:
    """Where a callback is made, and whether the module gives it a timeout."""
    timed = {
        target.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign | ast.AnnAssign) and "timeout=" in ast.unparse(node)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(".create_callback"):
            configs = [ast.unparse(each.value) for each in node.keywords if each.arg == "config"]
            yield node.lineno, any(config in timed or "timeout=" in config for config in configs)
