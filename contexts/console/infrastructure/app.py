"""The CDK app of the console: `cd contexts/console && npx cdk deploy` deploys its stack and no other."""

from pathlib import Path

import aws_cdk as cdk

from contexts.console.infrastructure.stack import ConsoleStack
from shared.infrastructure.context_app import ContextApp
from shared.infrastructure.deployment import Deployment, Get


def console(app: cdk.App, name: str, deployment: Deployment, _: Get) -> cdk.Stack:
    topic = f"{deployment.prefix}-restaurants"
    return ConsoleStack(app, name, deployment=deployment, topic_name=topic)


# Deployed after orders, because a topic has to exist before anybody can subscribe to it.
CONTEXT = ContextApp("console", Path(__file__).parents[1], console, needs=("bus", "orders"))
