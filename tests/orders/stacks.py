"""The stack of orders as its tests deploy it."""

from typing import Any

from aws_cdk import App, Environment
from aws_cdk.assertions import Template

from contexts.orders.infrastructure.parameters import OrdersParameters
from contexts.orders.infrastructure.stack import OrdersStack
from shared.infrastructure.deployment import Deployment

SENDER = "orders@example.com"


def parameters(**changes: Any) -> OrdersParameters:
    return OrdersParameters(
        oidc_issuer="https://issuer.example.com", oidc_audience="takeaway-api", sender=SENDER, **changes
    )


def template_of(deployment: Deployment, chosen: OrdersParameters) -> Template:
    environment = Environment(account="123456789012", region="eu-central-1")
    stack = OrdersStack(App(), "orders", deployment=deployment, bus_name="the-bus", parameters=chosen, env=environment)
    return Template.from_stack(stack)
