"""Violations planted into a copy of the code, as somebody would type them."""

from tests.between.architecture.planting import Planted, Spoil, Tree

COMMANDS = "contexts/orders/application/commands.py"
ROUTES = "contexts/orders/api/routes.py"
SCHEMA = "shared/schemas/takeaway.orders/order_placed.v1.schema.json"
DECIDES = "asked.of(found.order)"
WAKES_UP = "ports.workflow.resume(token, {asked.wait: asked.outcome})"
SENDS = "json.dumps(message)"
SUBMITS = "    stored = ports.orders.add(draft, fingerprint)\n"
NUDGES = "from contexts.orders.application.steps import accept_order\nhandler = accept_order"
ACCEPTS = "commands.accept(order_id, _caller(), _ports())"


def edit(path: str, old: str, new: str) -> Spoil:
    return lambda tree: tree.edit(path, old, new)


def append(path: str, line: str) -> Spoil:
    return lambda tree: tree.append(path, line)


def each_appended(rule: str, path: str, *lines: str) -> list[Planted]:
    """Plant a violation for each line, which the rule has to find in that file."""
    return [Planted(rule, append(path, line), path) for line in lines]


def accepted_by_the_api(tree: Tree) -> None:
    tree.edit(ROUTES, "application import commands", "application import commands, steps")
    tree.edit(ROUTES, ACCEPTS, "commands.Answer(steps.accept_order(order_id, _ports()))")


DURABLE = "examples/durable_orders/workflow.py"
IN_CODE = [
    Planted(
        "code-is-steps",
        edit(DURABLE, '    order.does("Notify restaurant", patient=False)\n', "    began = time.time()\n"),
        "line 33: time.time() is no step",
    ),
    Planted(
        "code-is-steps",
        append("examples/durable_orders/steps.py", "import time as clock\ndef late(): return clock.time() > 5"),
        "clock.time() is in no step",
    ),
    Planted(
        "code-waits-end",
        edit("examples/durable_orders/steps.py", ", config=timeout)", ")"),
        "a callback without a timeout waits for a year",
    ),
    Planted(
        "code-waits-end",
        edit("examples/durable_orders/steps.py", "CallbackConfig(timeout=", "CallbackConfig(heartbeat_timeout="),
        "a callback without a timeout waits for a year",
    ),
    Planted(
        "code-waits-end",
        append(
            "examples/durable_orders/steps.py", "def asks(context): return context.wait_for_callback(print, name='a')"
        ),
        "a callback without a timeout waits for a year",
    ),
]
MOVES_ON = [
    Planted(
        "workflow-moves-on",
        edit(COMMANDS, DECIDES, "found.order.become(Status(asked.outcome.upper()), ports.clock.now())"),
        "_decide → Order.become",
    ),
    Planted(
        "workflow-moves-on",
        edit(COMMANDS, DECIDES, "replace(found.order, status=Status.ACCEPTED)"),
        "handlers/api.py: can move on",
    ),
    Planted("workflow-moves-on", accepted_by_the_api, "accept_order → _take_status → Order.become"),
    Planted(
        "workflow-moves-on",
        append("contexts/orders/handlers/nudge_order.py", NUDGES),
        "handlers/nudge_order.py: can move on: nudge_order → accept_order",
        also=("one-name",),
    ),
]  # fmt: skip

TOKENS = [
    Planted("token-only-returned", edit(COMMANDS, WAKES_UP, f"{WAKES_UP}; print(token)"), "`print(token)`"),
    Planted("token-only-returned", edit(COMMANDS, WAKES_UP, f"log(f'with {{token}}'); {WAKES_UP}"), "commands.py"),
    Planted("token-only-returned", edit(COMMANDS, WAKES_UP, f"kept = token; {WAKES_UP}"), "`kept = token`"),
    Planted(
        "token-only-returned",
        edit(COMMANDS, SUBMITS, f"{SUBMITS}    shown = [stored.waiting_token(Wait.DECISION)]\n"),
        "submit_order: the token goes into",
    ),
    Planted(
        "token-only-returned",
        edit("contexts/orders/adapters/step_functions.py", "            self._client.send_task_success(",
             "            log(token)\n            self._client.send_task_success("),
        "uses token for more than the callback",
    ),
    Planted(
        "token-only-returned",
        edit("contexts/orders/adapters/sns_restaurants.py", SENDS, f"{SENDS} + item['decision_token']"),
        "token goes into",
    ),
    Planted(
        "token-only-returned",
        append("contexts/orders/published_events.py", "SECRETS = ('completion_token',)"),
        "contexts/orders/published_events.py",
    ),
    Planted(
        "token-in-no-contract",
        edit(SCHEMA, '"order_id": {', '"task_token": {"type": "string"},\n        "order_id": {'),
        "has a field task_token",
    ),
    Planted(
        "token-in-no-contract",
        edit("docs/generated/openapi.json", '"decision": {', '"decisionToken": {"type": "string"}, "decision": {'),
        "docs/generated/openapi.json: has a field decisionToken",
    ),
]  # fmt: skip

BETWEEN = [
    Planted("no-calls", append("contexts/promotions/adapters/aws.py", "import httpx"), "imports httpx"),
    Planted("no-calls", append("contexts/analytics/ingest.py", "from http import client"), "imports http.client"),
    Planted("no-calls", append("contexts/orders/settings.py", "from urllib.request import urlopen"), "urllib.request"),
    Planted(
        "own-source",
        append("contexts/analytics/published_events.py", 'SOURCE = "takeaway.orders"'),
        "SOURCE is takeaway.orders, not takeaway.analytics",
        also=("no-own-events",),
    ),
    Planted("one-stack-each", append("contexts/loyalty/__init__.py", "# no stack yet"), "contexts/loyalty",
            also=("layers-for-every-context",)),
    Planted(
        "something-published",
        lambda tree: tree.remove("shared/schemas/takeaway.orders/order_completed.v1.schema.json"),
        "listens to order_completed, of which takeaway.orders has no schema",
        also=("reads-what-is-published",),
    ),
    Planted(
        "reads-what-is-published",
        edit("contexts/promotions/consumed_events.py", "total: Total\n", "total: Total\n    delivered_by: Text\n"),
        "promotions reads data.delivered_by; order_completed.v1 has none",
    ),
    Planted(
        "reads-what-is-published",
        append("contexts/analytics/consumed_events.py", "CONSUMES['order_completed.v1'] = OrderCompleted"),
        "does not say whose order_completed.v1 it reads",
    ),
]  # fmt: skip

CONVENTIONS = [
    *each_appended(
        "nothing-from-surroundings", "contexts/orders/domain/money.py",
        "from datetime import datetime\ndef f():\n    return datetime.now()",
        "import uuid\nx = uuid.uuid4()",
        "from uuid import uuid4",
        "def f(): return os.getenv('X')",
    ),
    *each_appended(
        "nothing-at-import", "contexts/promotions/settings.py",
        "import os\nTABLE = os.environ['TABLE']",
        "import os\nif True:\n    TABLE = os.getenv('TABLE')",
        "import os\nclass A:\n    table = os.environ.get('TABLE')",
        "import os\ndef f(table=os.environ['TABLE']): ...",
    ),
    Planted("thin-handlers", append("contexts/orders/handlers/api.py", "x = 1\n" * 30), "more than 30"),
    Planted(
        "layers-for-every-context",
        edit("pyproject.toml", '"contexts.orders", "contexts.promotions"', '"contexts.orders"'),
        "contexts/promotions: is in no contract of layers",
    ),
]  # fmt: skip

PLANTED = [*IN_CODE, *MOVES_ON, *TOKENS, *BETWEEN, *CONVENTIONS]
