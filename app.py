"""The only file that knows every context: it lists their stacks, each deployable alone.

cdk deploy takeaway-dev-promotions         one context: nothing of another is built or touched
cdk deploy --all -c stage=prod             all of them, in order, for another stage
"""

import os
from typing import cast

import aws_cdk as cdk

from contexts.analytics.infrastructure.stack import AnalyticsStack
from contexts.console.infrastructure.stack import ConsoleStack
from contexts.orders.infrastructure.parameters import OrdersParameters
from contexts.promotions.infrastructure.stack import PromotionsStack
from examples.systems import orders_stack
from shared.infrastructure.deployment import Deployment, flag, text
from shared.infrastructure.deployment_order import COMMAND, deploy_in_order
from shared.infrastructure.event_bus_stack import EventBusStack
from shared.infrastructure.security_checks import check
from shared.refusals import told_alone


def main() -> None:
    app = cdk.App()
    get = app.node.try_get_context
    deployment = Deployment.from_context(get)
    prefix = deployment.prefix

    bus = EventBusStack(app, f"{prefix}-bus", deployment=deployment, archive=flag(get, "archive"))
    parameters = OrdersParameters.from_context(get)
    orders = orders_stack(get)(app, f"{prefix}-orders", deployment=deployment, bus_name=prefix, parameters=parameters)
    contexts: list[cdk.Stack] = [
        orders,
        PromotionsStack(
            app, f"{prefix}-promotions", deployment=deployment, bus_name=prefix, sender=text(get, "sender")
        ),
        AnalyticsStack(app, f"{prefix}-analytics", deployment=deployment, bus_name=prefix, athena=flag(get, "athena")),
    ]
    # Not by reference: a bus must be there for whoever publishes or listens, and a topic for whoever subscribes to it.
    needs: list[tuple[cdk.Stack, cdk.Stack]] = [(context, bus) for context in contexts]
    if flag(get, "console"):
        topic = f"{prefix}-restaurants"
        console = ConsoleStack(app, f"{prefix}-console", deployment=deployment, bus_name=prefix, topic_name=topic)
        needs += [(console, bus), (console, orders)]
    for stack in app.node.children:
        cast(cdk.Stack, stack).termination_protection = deployment.is_production
    check(app)
    deploy_in_order(needs, os.environ.get(COMMAND, ""))
    app.synth()


with told_alone():
    main()
