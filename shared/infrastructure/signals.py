"""The signals of the paved road's constructs, the same in every context."""

from collections.abc import Iterator

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_sqs as sqs

from shared.infrastructure.context_function import ContextFunction
from shared.infrastructure.deployment import Deployment
from shared.infrastructure.subscribed_queue import SubscribedQueue
from shared.infrastructure.watched import Line, Signal

EVERY = Duration.minutes(5)
SOON = Duration.minutes(1)
BEHIND_MINUTES = 15
# A step of one order is tried six times, so ten errors mean more than one order, or a long fault.
RETRIED_ERRORS = 10


def of_function(function: ContextFunction, *, retried: bool = False) -> Iterator[Line]:
    """Yield the signals of a function.

    `retried` is for one that a workflow calls and retries, with an alarm of its own for when that fails: then neither a
    single error nor throttling, which only delays it, raises an alarm.
    """
    name = function.short_name
    yield Signal(
        name=f"{name}-errors",
        section="function-errors",
        tells=f"{name} failed, ran out of time or memory{', and more than retries explain' if retried else ''}",
        graph="Functions: errors",
        label=name,
        metric=function.metric_errors(period=EVERY),
        threshold=RETRIED_ERRORS if retried else 1,
    )
    throttles = function.metric_throttles(period=EVERY)
    if retried:
        yield Line(graph="Functions: throttles", label=name, metric=throttles)
    else:
        yield Signal(
            name=f"{name}-throttles",
            section="function-throttles",
            tells=f"{name} was called and did not run: too many functions at once",
            graph="Functions: throttles",
            label=name,
            metric=throttles,
        )
    duration = function.metric_duration(period=EVERY, statistic="p95")
    yield Line(graph="Functions: duration, p95", label=name, metric=duration)


def of_subscription(subscription: SubscribedQueue) -> Iterator[Line]:
    name = subscription.short_name
    yield of_dead_letters(
        subscription.dead_letter_queue,
        name=f"{name}-dead-letters",
        section="dead-letters",
        tells=f"what {name} could not be delivered, or was given up after {subscription.max_receive_count} tries",
    )
    yield from of_queue(subscription.queue, name)
    yield from of_rule(subscription.rule_name, name, bus_name=subscription.bus_name)


def of_dead_letters(queue: sqs.Queue, *, name: str, tells: str, section: str = "") -> Signal:
    """Make the signal of a dead-letter queue: it rings from the first message on, because none leaves by itself."""
    depth = queue.metric_approximate_number_of_messages_visible(period=SOON, statistic="Maximum")
    return Signal(name=name, section=section, tells=tells, graph="Queues: dead letters", label=name, metric=depth)


def of_queue(queue: sqs.Queue, name: str, *, minutes: int = BEHIND_MINUTES) -> Iterator[Line]:
    yield Signal(
        name=f"{name}-oldest-message",
        section="oldest-message",
        tells=f"{name} is behind by {minutes} minutes: its function fails, rests, or cannot keep up",
        graph="Queues: age of the oldest message",
        label=name,
        metric=queue.metric_approximate_age_of_oldest_message(period=SOON, statistic="Maximum"),
        threshold=minutes * 60,
    )
    depth = queue.metric_approximate_number_of_messages_visible(period=SOON, statistic="Maximum")
    yield Line(graph="Queues: waiting", label=name, metric=depth)


def of_rule(rule_name: str, name: str, *, bus_name: str | None = None) -> Iterator[Line]:
    """Yield the signals of a rule.

    An event that reaches neither queue nor dead-letter queue remains in the bus's archive alone, so it raises an alarm.
    """
    yield Signal(
        name=f"{name}-lost-events",
        section="lost-events",
        tells=f"an event for {name} could be put neither into its queue nor into its dead letters",
        graph="Rules: lost events",
        label=name,
        metric=_of_rule("InvocationsFailedToBeSentToDlq", rule_name, bus_name),
    )
    yield Line(graph="Rules: events heard", label=name, metric=_of_rule("MatchedEvents", rule_name, bus_name))


def heard(subscription: SubscribedQueue) -> cloudwatch.Metric:
    """Return the metric of the events that matched the subscription's rule."""
    return _of_rule("MatchedEvents", subscription.rule_name, subscription.bus_name)


def _of_rule(metric: str, rule_name: str, bus_name: str | None) -> cloudwatch.Metric:
    # CloudWatch knows a rule of the default bus by the rule's name alone.
    dimensions = {"RuleName": rule_name, **({"EventBusName": bus_name} if bus_name else {})}
    return cloudwatch.Metric(
        namespace="AWS/Events",
        metric_name=metric,
        dimensions_map=dimensions,
        period=EVERY,
        statistic="Sum",
    )


def own_metric(
    deployment: Deployment,
    context: str,
    name: str,
    *,
    statistic: str = "Sum",
    period: Duration = EVERY,
) -> cloudwatch.Metric:
    """Return a metric that the context's functions count themselves.

    Powertools writes it into their logs, in CloudWatch's embedded metric format.
    """
    return cloudwatch.Metric(
        namespace=deployment.metrics_namespace,
        metric_name=name,
        dimensions_map={"service": context},
        statistic=statistic,
        period=period,
    )
