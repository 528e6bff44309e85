"""The CDK app of orders: `cd contexts/orders && npx cdk deploy` deploys its stack and no other."""

from pathlib import Path

import aws_cdk as cdk

from contexts.orders.infrastructure.parameters import CHOSEN, OrdersParameters
from contexts.orders.infrastructure.stack import OrdersStack
from shared.infrastructure.context_app import ContextApp
from shared.infrastructure.deployment import Deployment, Get


def orders(app: cdk.App, name: str, deployment: Deployment, get: Get) -> cdk.Stack:
    parameters = OrdersParameters.from_context(get)
    return OrdersStack(app, name, deployment=deployment, parameters=parameters)


CONTEXT = ContextApp("orders", Path(__file__).parents[1], orders, chosen=CHOSEN)
