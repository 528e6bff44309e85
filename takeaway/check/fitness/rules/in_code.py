"""Rules about a workflow that is code: it is replayed, so it must do the same each time."""

import ast
from collections.abc import Iterator
from pathlib import Path

from takeaway.check.fitness.code import Code
from takeaway.check.fitness.evidence import Evidence
from takeaway.check.fitness.rule import Finding, Told, check, counted
from takeaway.drawing.in_code import FILES, InCode, NotUnderstood
from takeaway.drawing.replayed import calls, differing

WAITS = frozenset({"create_callback", "wait_for_callback"})
STEPS = "steps.py"  # beside it: how a step and a wait are made


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
    for path in filter(Path.is_file, (each.with_name(STEPS) for each in _written(evidence.code))):
        for node in differing(evidence.code.parsed(path)):
            yield Finding(
                evidence.code.relative(path),
                f"line {node.lineno}: {ast.unparse(node)} is in no step, and is done again at every replay",
            )


@check("code-waits-end")
def waits_end(evidence: Evidence) -> Iterator[Told]:
    code = evidence.code
    for path in filter(Path.is_file, (each.with_name(STEPS) for each in _written(code))):
        waits = list(_waits(code.parsed(path)))
        for line in (line for line, ends in waits if not ends):
            yield Finding(code.relative(path), f"line {line}: a callback without a timeout waits for a year")
        if waits:
            yield f"{code.relative(path)}: {counted(waits, 'callback')} with a timeout"


def _waits(tree: ast.Module) -> Iterator[tuple[int, bool]]:
    """Yield the line of each callback that is waited for, and whether the module gives it a timeout."""
    timed = {
        target.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value and _has_timeout(node.value)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Name)
    }
    for call in calls(tree, WAITS):
        configs = [*call.args, *(each.value for each in call.keywords if each.arg == "config")]
        named = {each.id for each in configs if isinstance(each, ast.Name)}
        yield call.lineno, bool(named & timed) or any(map(_has_timeout, configs))


def _has_timeout(config: ast.expr) -> bool:
    """Tell whether an expression makes a configuration with a timeout. That of a heartbeat is not one."""
    if not (isinstance(config, ast.Call) and ast.unparse(config.func).endswith("CallbackConfig")):
        return False
    given = [*config.args[:1], *(each.value for each in config.keywords if each.arg == "timeout")]
    return any(not (isinstance(each, ast.Constant) and each.value is None) for each in given)
