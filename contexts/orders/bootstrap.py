"""The composition root: chooses the adapter behind each port. Built once per function, each adapter on first use."""

import os
from datetime import timedelta
from functools import cache, cached_property
from typing import TYPE_CHECKING

from contexts.orders.adapters.clients import client
from contexts.orders.adapters.dynamodb_orders import DynamoDBOrders
from contexts.orders.adapters.eventbridge_events import EventBridgeEvents
from contexts.orders.adapters.ses_customers import SESCustomers
from contexts.orders.adapters.sns_restaurants import SNSRestaurants
from contexts.orders.adapters.step_functions import StepFunctionsWorkflow
from contexts.orders.adapters.system_clock import SystemClock
from contexts.orders.settings import Settings

if TYPE_CHECKING:
    from contexts.orders.application.callers import Callers
    from contexts.orders.application.ports import (
        Allowances,
        Clock,
        Customers,
        Events,
        Executions,
        Orders,
        Restaurants,
        Workflow,
    )


class Production:
    """Implements application.ports.Ports.

    Adapters that most functions need are imported with this module, so they are loaded in Lambda's init phase, which
    has a whole core; the first invocation has only the share that its memory buys. Adapters that few functions need are
    imported with their port.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    @cached_property
    def orders(self) -> "Orders":
        return DynamoDBOrders(client("dynamodb"), self.settings.orders_table, self.settings.retention)

    @cached_property
    def allowances(self) -> "Allowances":
        from contexts.orders.adapters.dynamodb_allowances import DynamoDBAllowances

        return DynamoDBAllowances(client("dynamodb"), self.settings.allowances_table, self.settings.allowance)

    @cached_property
    def events(self) -> "Events":
        return EventBridgeEvents(client("events"), self.settings.bus_name)

    @cached_property
    def restaurants(self) -> "Restaurants":
        settings = self.settings
        return SNSRestaurants(client("sns"), settings.restaurants_topic_arn, settings.accept_timeout_seconds)

    @cached_property
    def customers(self) -> "Customers":
        return SESCustomers(client("ses"), self.settings.sender, self.settings.configuration_set)

    @cached_property
    def workflow(self) -> "Workflow":
        return StepFunctionsWorkflow(client("stepfunctions"), self.settings.state_machine_arn)

    @cached_property
    def executions(self) -> "Executions":
        from contexts.orders.adapters.executions import StepFunctionsExecutions

        settings = self.settings
        return StepFunctionsExecutions(
            client("stepfunctions"),
            settings.state_machine_arn,
            client("sqs"),
            settings.closing_queue_url,
            lasts_at_most=timedelta(seconds=settings.order_timeout_seconds),
        )

    @cached_property
    def clock(self) -> "Clock":
        return SystemClock()

    @cached_property
    def identity(self) -> "Callers":
        from contexts.orders.adapters.oidc_identity import OidcIdentity

        return OidcIdentity(self.settings.oidc_issuer, self.settings.oidc_audience)


@cache
def production() -> Production:
    """Return the ports that handlers use: one object per process."""
    return Production(Settings(os.environ))


def ready(*ports: str) -> bool:
    """Build the named ports in Lambda's init phase, because an invocation has less CPU than init.

    Returns whether this is an init phase. Anywhere else it builds nothing, so importing a handler in a test opens no
    client.
    """
    is_init = "AWS_LAMBDA_INITIALIZATION_TYPE" in os.environ
    for port in ports if is_init else ():
        getattr(production(), port)
    return is_init
