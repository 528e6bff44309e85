"""Calls are found by names, through every way in which Python passes a function on; in doubt there is one."""

import ast

import pytest

from takeaway.check.fitness.calls import Calls

DOMAIN = """
class Order:
    def become(self, status): return replace(self, status=status)
    def expire(self): return self.become("EXPIRED")
    def decide(self): return self
"""
GOAL = {"domain:Order.become"}


def way(caller: str, **modules: str) -> list[str] | None:
    sources = {"domain": DOMAIN, "caller": caller, **modules}
    return Calls({name: ast.parse(source) for name, source in sources.items()}).way(("caller:",), GOAL)


@pytest.mark.parametrize(
    "caller",
    [
        "def f(order): return order.become('X')\nhandler = f",
        "def f(order): return order.expire()\nhandler = f",
        "def f(ports): record(lambda order: order.become('X'))\nhandler = f",
        "def outer():\n    def inner(order): order.become('X')\n    return inner\nhandler = outer()",
        "@route('/accept')\ndef accept(order): order.become('X')",
        "class Service:\n    def __call__(self, order): order.become('X')\nhandler = Service()",
        "class Service:\n    def run(self, order): order.become('X')\nhandler = Service().run",
        "from domain import Order\nhandler = Order.become",
        "import domain as d\nhandler = d.Order.become",
    ],
)
def test_a_call_is_found_however_it_is_written(caller: str) -> None:
    assert way(caller) is not None


@pytest.mark.parametrize(
    "caller",
    [
        "from steps import accept\nhandler = accept",
        "from steps import accept as a\nhandler = task(a)",
        "import steps\nhandler = steps.accept",
        "import steps as s\ndef f(): return s.accept\nhandler = f",
        "def f():\n    from steps import accept\n    return accept\nhandler = f",
        "from package import accept\nhandler = accept",
        "from package import steps\nhandler = steps.accept",
        "from routes import router\nhandler = router",
    ],
)
def test_a_call_is_followed_into_another_module(caller: str) -> None:
    assert way(
        caller,
        steps="def accept(order): return order.become('ACCEPTED')",
        package="from steps import accept\nimport steps as steps",
        routes="from steps import accept\nrouter = Router()\n@router.post('/')\ndef post(): return accept",
    )


@pytest.mark.parametrize(
    "caller",
    [
        "def f(order): return order.decide()\nhandler = f",
        "def never_used(order): order.become('X')",
        "from domain import Order",
        "from steps import accept",
        "def become(): ...\nhandler = become",
    ],
)
def test_what_is_defined_or_imported_is_not_yet_called(caller: str) -> None:
    assert way(caller, steps="def accept(order): return order.become('ACCEPTED')") is None


def test_the_way_is_told_from_the_caller_to_the_goal() -> None:
    assert way("def f(order): return order.expire()\nhandler = f") == [
        "caller:", "caller:f", "domain:Order.expire", "domain:Order.become",
    ]  # fmt: skip
