"""The outputs and schemas that every stack of orders has, however it is wired. Tools know a deployment by them."""

from aws_cdk import Stack

from contexts.orders.infrastructure.api import STAGE, OrdersApi
from contexts.orders.infrastructure.database import OrdersTable
from contexts.orders.infrastructure.parameters import OrdersParameters
from contexts.orders.infrastructure.topic import RestaurantsTopic
from contexts.orders.published_events import SOURCE
from shared.infrastructure.deployment import Deployment
from shared.infrastructure.outputs import add_outputs
from shared.infrastructure.schema_registry import SchemaRegistry


def tell(
    stack: Stack,
    deployment: Deployment,
    parameters: OrdersParameters,
    *,
    api: OrdersApi,
    table: OrdersTable,
    topic: RestaurantsTopic,
    **others: str,
) -> None:
    """Add the outputs that tools read, and the schema registry. `others` are outputs that only this wiring has."""
    if parameters.schema_registry:
        SchemaRegistry(stack, "Schemas", deployment=deployment, context="orders", source=SOURCE)
    outputs = {
        "ApiId": api.rest_api_id,
        "ApiStage": STAGE,
        "ApiUrl": api.url,
        "OidcIssuer": parameters.oidc_issuer,
        "OrdersTable": table.table_name,
        "RestaurantsTopicArn": topic.topic_arn,
        **others,
    }
    add_outputs(stack, outputs)
