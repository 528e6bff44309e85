"""The CDK app of the shared bus, which is deployed first to a new stage."""

from pathlib import Path

import aws_cdk as cdk

from shared.bus.infrastructure.stack import EventBusStack
from shared.infrastructure.context_app import ContextApp
from shared.infrastructure.deployment import Deployment, Get, flag


def bus(app: cdk.App, name: str, deployment: Deployment, get: Get) -> cdk.Stack:
    return EventBusStack(app, name, deployment=deployment, archive=flag(get, "archive"))


CONTEXT = ContextApp("bus", Path(__file__).parents[1], bus, needs=())
