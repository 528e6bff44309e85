"""The CDK app of promotions: `cd contexts/promotions && npx cdk deploy` deploys its stack and no other."""

from pathlib import Path

import aws_cdk as cdk

from contexts.promotions.infrastructure.stack import PromotionsStack
from shared.infrastructure.context_app import ContextApp
from shared.infrastructure.deployment import Deployment, Get, flag, sender


def promotions(app: cdk.App, name: str, deployment: Deployment, get: Get) -> cdk.Stack:
    return PromotionsStack(app, name, deployment=deployment, sender=sender(get), mail_events=flag(get, "mailEvents"))


CONTEXT = ContextApp("promotions", Path(__file__).parents[1], promotions, chosen=("sender", "alarmEmail"))
