"""The only file that knows every context: it lists their stacks, each deployable alone.

cdk deploy --exclusively takeaway-dev-orders     one context
cdk deploy --all -c stage=prod                   all of them, for another stage
"""

import aws_cdk as cdk

from contexts.analytics.infrastructure.stack import AnalyticsStack
from contexts.orders.infrastructure.parameters import OrdersParameters
from contexts.promotions.infrastructure.stack import PromotionsStack
from examples.systems import orders_stack
from shared.infrastructure.deployment import Deployment, flag, text
from shared.infrastructure.event_bus_stack import EventBusStack
from takeaway.console.infrastructure.stack import ConsoleStack


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
    if flag(get, "console"):
        console = ConsoleStack(
            app,
            f"{prefix}-console",
            deployment=deployment,
            bus_name=prefix,
            topic_name=f"{prefix}-restaurants",
        )
        console.add_stack_dependency(orders)
        contexts.append(console)
    for stack in contexts:
        stack.add_stack_dependency(bus)  # an order of deployment, no reference: rules need their bus to be there
    app.synth()


main()
