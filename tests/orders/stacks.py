"""The stack of orders as its tests deploy it."""

from typing import Any

from aws_cdk.assertions import Template

from contexts.orders.infrastructure.parameters import OrdersParameters
from contexts.orders.infrastructure.stack import OrdersStack
from shared.infrastructure.deployment import Deployment
from tests.fakes.templates import ENVIRONMENT, bare_app

SENDER = "orders@example.com"


def parameters(**changes: Any) -> OrdersParameters:
    return OrdersParameters(
        oidc_issuer="https://issuer.example.com", oidc_audience="takeaway-api", sender=SENDER, **changes
    )


def template_of(deployment: Deployment, chosen: OrdersParameters) -> Template:
    stack = OrdersStack(bare_app(), "orders", deployment=deployment, parameters=chosen, env=ENVIRONMENT)
    return Template.from_stack(stack)
