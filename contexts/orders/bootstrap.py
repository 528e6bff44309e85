"""The composition root: which adapter stands behind which port. Built once per function, each part on first use."""

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

    What most functions need is imported with this module, so that it is loaded in init, where Lambda gives a whole
    core, and not in the first invocation, which has a share of one by its memory. What few need comes with its port.
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
    """The one that the handlers use."""
    return Production(Settings(os.environ))


def ready(*ports: str) -> bool:
    """Make what a function is known to need in init, where Lambda gives a whole core: a call gets one by its memory.

    Returns whether this is an init. Only Lambda sets the variable: an import anywhere else makes nothing.
    """
    is_init = "AWS_LAMBDA_INITIALIZATION_TYPE" in os.environ
    for port in ports if is_init else ():
        getattr(production(), port)
    return is_init
