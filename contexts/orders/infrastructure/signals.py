"""Alarms and graphs of orders beside those of its functions: workflow, API, closing, people to be notified."""

from collections.abc import Iterator

from aws_cdk import Duration
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_sns as sns
from aws_cdk import aws_stepfunctions as sfn

from contexts.orders.infrastructure.closing import OrderClosing
from shared.infrastructure.deployment import Deployment
from shared.infrastructure.signals import EVERY, SOON, of_dead_letters, of_queue, of_rule, own_metric
from shared.infrastructure.watched import Line, Signal

OUTCOMES = ("Placed", "Accepted", "Rejected", "Expired", "Cancelled", "Completed", "TimedOut", "Failed")
SLOW = Duration.seconds(2)  # a cold start takes less
PERIODS_SLOW = 3
UNSERVED = 0.01  # share of all requests


def of_workflow(state_machine: sfn.StateMachine) -> Iterator[Line]:
    """Yield a signal for every end of an execution but success, and lines for starts and successes."""
    for name, metric, tells in (
        ("failed-orders", state_machine.metric_failed, "an order failed after all retries"),
        ("executions-timed-out", state_machine.metric_timed_out, "an execution outlived the deadlines of its states"),
        ("executions-aborted", state_machine.metric_aborted, "somebody stopped an execution"),
        ("executions-throttled", state_machine.metric_throttled, "the workflow was held up by a quota"),
    ):
        found = metric(period=SOON, statistic="Sum")
        yield Signal(name=name, tells=tells, graph="Workflow: what went wrong", label=name, metric=found)
    for metric, label in ((state_machine.metric_started, "started"), (state_machine.metric_succeeded, "succeeded")):
        yield Line(graph="Workflow: executions", label=label, metric=metric(period=EVERY))


def of_closing(closing: OrderClosing, deployment: Deployment) -> Iterator[Line]:
    yield of_dead_letters(
        closing.dead_letters,
        name="unclosed-orders",
        tells="an execution ended from outside and its order could not be closed",
    )
    yield from of_queue(closing.queue, "closing")
    yield from of_rule(closing.rule_name, "closing")
    yield _unheard(
        deployment,
        "OrdersClosedFromOutside",
        name="closed-from-outside",
        tells="a workflow ended without closing its order, and it was closed from outside",
        label="closed",
    )


def of_reconciliation(closing: OrderClosing, deployment: Deployment) -> Iterator[Line]:
    yield _unheard(
        deployment,
        "OrdersReconciled",
        name="orders-reconciled",
        tells="an execution ended from outside and nobody was told; its order was found open",
        label="found open",
    )
    yield Signal(
        name="reconciliation-missing",
        tells="nobody has looked for an hour whether executions ended unheard",
        graph="Orders: looks for ended executions",
        label="looks",
        metric=closing.reconcile_orders.metric_invocations(period=Duration.hours(1)),
        below=True,
        # No data means that the function did not run. So the alarm also rings after a first deployment, until it runs.
        missing=cloudwatch.TreatMissingData.BREACHING,
    )


def _unheard(deployment: Deployment, metric: str, *, name: str, tells: str, label: str) -> Signal:
    """Make the signal of orders that their workflows have left open: rare, so each one raises the alarm."""
    counted = own_metric(deployment, "orders", metric, period=SOON)
    return Signal(name=name, tells=tells, graph="Orders: closed from outside", label=label, metric=counted)


def of_api(api: apigateway.RestApi) -> Iterator[Line]:
    """Yield the signals of the API.

    Errors are measured as a share of requests, because a few among many are an accident and a few among few an outage.
    """
    yield Signal(
        name="api-5xx",
        tells="one request in a hundred, or more, was answered with a 5xx",
        graph="API: share of requests with 5xx",
        label="5xx",
        metric=api.metric_server_error(period=EVERY, statistic="Average"),
        threshold=UNSERVED,
    )
    yield Signal(
        name="api-latency",
        tells=f"one request in twenty takes {SLOW.to_seconds():.0f} seconds or longer, for a quarter of an hour",
        graph="API: latency",
        label="p95",
        metric=api.metric_latency(period=EVERY, statistic="p95"),
        threshold=SLOW.to_milliseconds(),
        periods=PERIODS_SLOW,
    )
    for statistic in ("p50", "p99"):
        latency = api.metric_latency(period=EVERY, statistic=statistic)
        yield Line(graph="API: latency", label=statistic, metric=latency)
    yield Line(graph="API: requests", label="all", metric=api.metric_count(period=EVERY))
    yield Line(graph="API: requests", label="4xx", metric=api.metric_client_error(period=EVERY))


def of_people(deployment: Deployment, topic: sns.Topic) -> Iterator[Line]:
    """Yield the signals about people: customers and restaurants that could not be told, and how orders ended."""
    yield Signal(
        name="users-not-notified",
        tells="a mail could not be sent; its order went on",
        graph="People: not told",
        label="customers",
        metric=own_metric(deployment, "orders", "UserNotNotified"),
    )
    yield Signal(
        name="restaurants-not-notified",
        tells="a message could not be delivered to a subscriber of the restaurants' topic",
        graph="People: not told",
        label="restaurants",
        metric=topic.metric_number_of_notifications_failed(period=EVERY),
    )
    for outcome in OUTCOMES:
        yield Line(graph="Orders", label=outcome, metric=own_metric(deployment, "orders", f"Orders{outcome}"))
    for name in ("TimeToAccept", "TimeToComplete"):
        time = own_metric(deployment, "orders", name, statistic="p95")
        yield Line(graph="Orders: time, p95", label=name, metric=time)
