"""What there is to watch of the constructs of the paved road, whatever the context."""

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
# One order's step is tried six times. From ten on it is more than one order, or it goes on for long.
RETRIED_ERRORS = 10


def of_function(function: ContextFunction, *, retried: bool = False) -> Iterator[Line]:
    """`retried`: a workflow calls it, tries again, and has an alarm of its own for when that does not help.

    So one error of it is nobody's business, and neither is being throttled, which delays it.
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
    """From the first message on: what is there does not go by itself."""
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
    """What the bus could neither deliver nor put to the dead letters is in the archive, and nowhere else."""
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
    """How many events its rule has let through."""
    return _of_rule("MatchedEvents", subscription.rule_name, subscription.bus_name)


def _of_rule(metric: str, rule_name: str, bus_name: str | None) -> cloudwatch.Metric:
    # A rule of the default bus is known by its own name alone.
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
    """One that the context's functions count themselves (Powertools writes it into the log, in embedded format)."""
    return cloudwatch.Metric(
        namespace=deployment.metrics_namespace,
        metric_name=name,
        dimensions_map={"service": context},
        statistic=statistic,
        period=period,
    )
