"""The only file that knows every context: it lists their stacks, each deployable alone.

cdk deploy takeaway-dev-orders          one context
cdk deploy --all -c stage=prod          all of them, for another stage
"""

import aws_cdk as cdk

from shared.infrastructure.deployment import Deployment, flag
from shared.infrastructure.event_bus_stack import EventBusStack


def main() -> None:
    app = cdk.App()
    get = app.node.try_get_context
    deployment = Deployment.from_context(get)
    prefix = deployment.prefix
    EventBusStack(app, f"{prefix}-bus", deployment=deployment, archive=flag(get, "archive"))
    app.synth()


main()
