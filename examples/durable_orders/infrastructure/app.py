"""The CDK app of orders in this wiring: its stack takes the place of the other, `takeaway-<stage>-orders`."""

from pathlib import Path

import aws_cdk as cdk

from contexts.orders.infrastructure.parameters import CHOSEN, OrdersParameters
from examples.durable_orders.infrastructure.stack import DurableOrdersStack
from shared.infrastructure.context_app import ContextApp
from shared.infrastructure.deployment import Deployment, Get


def durable(app: cdk.App, name: str, deployment: Deployment, get: Get) -> cdk.Stack:
    return DurableOrdersStack(app, name, deployment=deployment, parameters=OrdersParameters.from_context(get))


CONTEXT = ContextApp("orders", Path(__file__).parents[1], durable, chosen=CHOSEN)
