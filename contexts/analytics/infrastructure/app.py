"""The CDK app of analytics: `cd contexts/analytics && npx cdk deploy` deploys its stack and no other."""

from pathlib import Path

import aws_cdk as cdk

from contexts.analytics.infrastructure.stack import AnalyticsStack
from shared.infrastructure.context_app import ContextApp
from shared.infrastructure.deployment import Deployment, Get, flag


def analytics(app: cdk.App, name: str, deployment: Deployment, get: Get) -> cdk.Stack:
    return AnalyticsStack(
        app, name, deployment=deployment, athena=flag(get, "athena"), write_once=flag(get, "writeOnce")
    )


CONTEXT = ContextApp("analytics", Path(__file__).parents[1], analytics)
