"""A workflow that is code, read as a graph: its steps, and which of them can follow which. Pure: text in, graph out.

Only what a process is written in is understood: functions that call each other, `does`, `tells` and `awaits` of steps,
`match`, `if`, `or` and `try`. What a step does, how long it is tried and what lies in other modules can't be seen here.
"""

import ast
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from shared.asl.graph import END
from takeaway.drawing.graph import Arrow, Box, Graph
from takeaway.drawing.replayed import calls, differing, unknown

FILES = "examples/*/workflow.py"  # a module; the workflow of a definition is a folder
ENTRY = "process"
DOES, TELLS, AWAITS = STEPS = ("does", "tells", "awaits")
INSTEAD = "Skip notification"  # of a step that tells, unless it says something else
FAILS, STILL_FAILS = "fails", "any: step that still fails"
Ends = Sequence[tuple[str, str]]  # the steps after which the next comes, each with when it does


def is_code(definition: str) -> bool:
    """Tell a workflow in code from one in the States Language."""
    return not definition.lstrip().startswith("{")


class NotUnderstood(ValueError):
    """The code uses something that is not read here; the message says what, and in which line."""


@dataclass
class InCode:
    """`waits` says under which name each wait is stored with the order; `steps` are in the order of the code."""

    steps: dict[str, str] = field(default_factory=dict)  # by name: does, tells or awaits
    waits: dict[str, str] = field(default_factory=dict)
    ways: dict[tuple[str, str], str] = field(default_factory=dict)

    @classmethod
    def read(cls, code: str) -> "InCode":
        """Raises NotUnderstood."""
        found, tree = cls(), ast.parse(code)
        functions = {each.name: each for each in tree.body if isinstance(each, ast.FunctionDef)}
        _refuse([*differing(tree), *unknown(tree, STEPS)], "is no step, and is done again at every replay")
        reading = _Reading(found, functions)
        found._lead(reading.function(ENTRY, []), END)
        _refuse(set(calls(tree, STEPS)) - reading.read, "is a step to which no way is read here")
        return found

    def next_of(self, step: str) -> list[str]:
        """Return the steps that can follow a step if nothing fails."""
        return [target for source, target in self.ways if source == step]

    def graph(self) -> Graph:
        targets = {target for _, target in self.ways}
        kinds = {AWAITS: "wait"}
        boxes = [Box(id=name, text=name, kind=kinds.get(kind, "step")) for name, kind in self.steps.items()]
        boxes += [Box(id=END, text="end", kind="done")] * (END in targets) + [Box(id=FAILS, text=FAILS, kind="fail")]
        boxes += [Box(id=STILL_FAILS, text="any step that still fails", kind="note", detail="after its retries")]
        return boxes, [
            Arrow(source=source, target=target, text=text, is_error=source == STILL_FAILS or "can't" in text)
            for (source, target), text in self.ways.items()
        ]

    def _lead(self, ends: Ends, target: str) -> None:
        for source, when in ends:
            self.ways.setdefault((source, target), when)


def _refuse(found: Iterable[ast.expr], why: str) -> None:
    for each in sorted(found, key=lambda each: each.lineno):
        raise NotUnderstood(f"line {each.lineno}: {ast.unparse(each)} {why}")


class _Reading:
    def __init__(self, found: InCode, functions: dict[str, ast.FunctionDef]) -> None:
        self._found, self._functions = found, functions
        self._returned: list[tuple[str, str]] = []  # the ends of the function that is read now
        self.read: set[ast.expr] = set()  # the calls of steps that were read

    def function(self, name: str, ends: Ends) -> Ends:
        if name not in self._functions:
            raise NotUnderstood(f"there is no function {name}")
        outer, self._returned = self._returned, []
        ends = [*self._body(self._functions[name].body, ends), *self._returned]
        self._returned = outer
        return ends

    def _body(self, statements: Iterable[ast.stmt], ends: Ends) -> Ends:
        for each in statements:
            ends = ends if isinstance(each, ast.Pass) else self._statement(each, ends)
        return ends

    def _statement(self, statement: ast.stmt, ends: Ends) -> Ends:
        match statement:
            case ast.Expr(value=value) | ast.Assign(value=value) | ast.AnnAssign(value=ast.expr() as value):
                return self._value(value, ends)
            case ast.Match() | ast.If():
                return self._branches(statement, ends)
            case ast.With(body=body):
                return self._body(body, ends)
            case ast.Try():
                return self._tried(statement, ends)
            case ast.Return() | ast.Raise():
                return self._left(statement, ends)
        raise NotUnderstood(f"line {statement.lineno}: {type(statement).__name__} is not read here")

    def _tried(self, statement: ast.Try, ends: Ends) -> Ends:
        last = statement.finalbody
        ends = [*self._body([*statement.body, *statement.orelse, *last], ends)]
        for handler in statement.handlers:
            ends += self._body([*handler.body, *last], [(STILL_FAILS, "")])
        return ends

    def _left(self, statement: ast.Return | ast.Raise, ends: Ends) -> Ends:
        if isinstance(statement, ast.Raise):
            self._found._lead(ends, FAILS)
        else:
            self._returned += self._value(statement.value, ends) if statement.value else ends
        return []

    def _branches(self, statement: ast.Match | ast.If, ends: Ends) -> Ends:
        if isinstance(statement, ast.Match):
            ends = self._value(statement.subject, ends)
            branches = [(_said(case.pattern), case.body) for case in statement.cases]
        else:
            ends = self._value(statement.test, ends)
            said = ast.unparse(statement.test).rpartition(".")[2].lower()
            branches = [(said, statement.body), (f"not {said}", statement.orelse)]
        return [end for when, body in branches for end in self._body(body, _when(ends, when))]

    def _value(self, value: ast.expr, ends: Ends) -> Ends:
        match value:
            case ast.BoolOp(op=ast.Or(), values=values):
                done: list[tuple[str, str]] = []
                for each in values:
                    ends = self._value(each, ends)
                    done += ends
                    ends = [(source, "nobody has, in time") for source, _ in ends]
                return done
            case ast.Call(func=ast.Attribute(attr=kind), args=[ast.Constant(value=str() as name), *more]) if kind in (
                DOES, TELLS, AWAITS,
            ):  # fmt: skip
                return self._step(kind, name, more, value, ends)
            case ast.Call(func=ast.Name(id=name)) if name in self._functions:
                return self.function(name, ends)
            case (
                ast.Subscript(value=inner)
                | ast.Compare(left=inner)
                | ast.NamedExpr(value=inner)
                | ast.UnaryOp(operand=inner)
                | ast.BoolOp(values=[inner, *_])
            ):
                return self._value(inner, ends)
        return ends

    def _step(self, kind: str, name: str, more: Sequence[ast.expr], call: ast.Call, ends: Ends) -> Ends:
        self.read.add(call)
        self._found.steps.setdefault(name, kind)
        self._found._lead(ends, name)
        if kind == AWAITS:
            self._found.waits[name] = ast.unparse(more[0]).rpartition(".")[2].lower()
        if kind != TELLS:
            return [(name, "")]
        said = [each.value for each in call.keywords if each.arg == "instead"]
        instead = next((str(each.value) for each in said if isinstance(each, ast.Constant)), INSTEAD)
        self._found.steps.setdefault(instead, DOES)
        self._found._lead([(name, "can't be sent")], instead)
        return [(name, ""), (instead, "")]


def _when(ends: Ends, said: str) -> Ends:
    return [(source, said) for source, _ in ends]


def _said(pattern: ast.pattern) -> str:
    return "otherwise" if isinstance(pattern, ast.MatchAs) else ast.unparse(pattern).rpartition(".")[2].lower()
