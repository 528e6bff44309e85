"""Measure cold starts: a process's CPU time, relative to that of one with a bare boto3 client in the same run."""

import os
import subprocess
import sys
from collections.abc import Iterator
from resource import RUSAGE_CHILDREN, getrusage
from statistics import median

ROUNDS = 9
FLOOR = "import boto3; boto3.client('dynamodb')"
S3, MODEL = "import boto3; boto3.client('s3')", "import pydantic; pydantic.create_model('Event', order_id=(str, ...))"
# What a function can't do without if it reads events: no goal below these can be met.
FLOORS = {
    "a DynamoDB client and a pydantic model: the least that issue_voucher needs": f"{FLOOR}; {MODEL}",
    "an S3 client and a pydantic model: the least that ingest_events needs": f"{S3}; {MODEL}",
}
# By name: code that loads the handler, and code that its first call runs before it calls AWS.
FUNCTIONS = {
    "a step": (
        "import contexts.orders.handlers.accept_order; from contexts.orders.bootstrap import production",
        "from contexts.orders.observability import logger; logger(); p = production(); p.orders; p.events; p.clock",
    ),
    "issue_voucher": (
        "import contexts.promotions.handlers.issue_voucher; from contexts.promotions import bootstrap",
        "p = bootstrap.production(); p.orders; p.codes; p.claims; p.clock; p.policy",
    ),
    "ingest_events": (
        "import contexts.analytics.handlers.ingest_events; from contexts.analytics import bootstrap",
        "bootstrap.lake()",
    ),
    "the API": (
        "import contexts.orders.handlers.api; from contexts.orders.bootstrap import production; "
        "from contexts.orders.api.service import resolver",
        "p = production(); resolver(); p.orders; p.identity; p.clock",
    ),
}
BEFORE = {"a step": ("1.24×", "≤ 1.3×"), "issue_voucher": ("1.35×", "≤ 1.3×"),
          "ingest_events": ("1.16×", "≤ 1.15×"), "the API": ("2.28×", "≤ 1.9×")}  # fmt: skip
_NAMES = (
    "ORDERS_TABLE", "ALLOWANCES_TABLE", "BUS_NAME", "LAKE_BUCKET", "SENDER", "OIDC_AUDIENCE", "VOUCHERS_TABLE",
    "LOYALTY_TABLE",
)  # fmt: skip
SETTINGS = {
    **dict.fromkeys(_NAMES, "a-name"), "RETENTION_DAYS": "400", "ORDERS_AT_ONCE": "5", "SECONDS_PER_ORDER": "60",
    "OIDC_ISSUER": "https://issuer.example.com",
    "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand", "STATE_MACHINE_ARN": "arn:aws:states:eu-central-1:1:stateMachine:a",
    "AWS_REGION": "eu-central-1", "AWS_DEFAULT_REGION": "eu-central-1",
    "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test",  # pragma: allowlist secret
    "POWERTOOLS_SERVICE_NAME": "bench", "POWERTOOLS_METRICS_NAMESPACE": "bench",
}  # fmt: skip


def environment() -> dict[str, str]:
    return {"PATH": os.environ["PATH"], **SETTINGS}


def rows() -> Iterator[tuple[str, str, str, str]]:
    """Measure all in turns, so that other load on the machine affects each alike."""
    programs = {"floor": FLOOR} | FLOORS | {name: "\n".join(parts) for name, parts in FUNCTIONS.items()}
    taken: dict[str, list[float]] = {name: [] for name in programs}
    for program in programs.values():
        seconds_of(program)  # once without measuring, to fill Python's and the system's caches
    for _ in range(ROUNDS):
        for name, program in programs.items():
            taken[name].append(seconds_of(program))
    floor = median(taken.pop("floor"))
    yield "floor: a process with one boto3 client", "0.190 s", f"{floor:.3f} s", ""
    for name, seconds in taken.items():
        before, goal = BEFORE.get(name, ("", ""))
        yield name, before, f"{median(seconds) / floor:.2f}×", goal


def seconds_of(program: str) -> float:
    """Return the CPU seconds, user and system, of a process that runs the program."""
    before = getrusage(RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", program], check=True, env=environment())
    after = getrusage(RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
