"""The only file that knows every context: it lists their stacks, each deployable alone.

cdk deploy takeaway-dev-orders          one context
cdk deploy --all -c stage=prod          all of them, for another stage
"""

import aws_cdk as cdk

from contexts.orders.infrastructure.parameters import OrdersParameters
from contexts.orders.infrastructure.stack import OrdersStack
from shared.infrastructure.deployment import Deployment, flag
from shared.infrastructure.event_bus_stack import EventBusStack


def main() -> None:
    app = cdk.App()
    get = app.node.try_get_context
    deployment = Deployment.from_context(get)
    prefix = deployment.prefix
    EventBusStack(app, f"{prefix}-bus", deployment=deployment, archive=flag(get, "archive"))
    OrdersStack(
        app,
        f"{prefix}-orders",
        deployment=deployment,
        bus_name=prefix,
        parameters=OrdersParameters.from_context(get),
    )
    app.synth()


main()
