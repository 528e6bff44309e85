"""The stack of choreographed orders: it takes the place of the orders stack, and nobody else notices."""

from typing import Any

from aws_cdk import CfnOutput, Stack
from aws_cdk import aws_events as events
from constructs import Construct

from contexts.orders.infrastructure import signals
from contexts.orders.infrastructure.api import STAGE, OrdersApi
from contexts.orders.infrastructure.database import OrdersTable
from contexts.orders.infrastructure.parameters import OrdersParameters
from contexts.orders.infrastructure.topic import RestaurantsTopic
from contexts.orders.published_events import SOURCE
from examples.choreographed_orders.infrastructure.functions import ChoreographedFunctions, reading
from examples.choreographed_orders.infrastructure.subscriptions import own_events
from shared.infrastructure.deployment import Deployment
from shared.infrastructure.monitoring import Monitoring
from shared.infrastructure.schema_registry import SchemaRegistry
from shared.infrastructure.signals import of_function, of_subscription
from shared.said_by_stacks import SETTINGS


class ChoreographedOrdersStack(Stack):
    """Same API, table, topic, events and source as OrdersStack. What has the same name there has the same id here,
    so that one can be deployed over the other.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        deployment: Deployment,
        bus_name: str,
        parameters: OrdersParameters,
        **kwargs: Any,
    ) -> None:
        super().__init__(scope, id, **kwargs)
        self.add_metadata(SETTINGS, parameters.told)
        table = OrdersTable(self, "Orders", deployment=deployment)
        topic = RestaurantsTopic(self, "Restaurants", deployment=deployment)
        functions = ChoreographedFunctions(
            self,
            "Steps",
            deployment=deployment,
            parameters=parameters,
            table=table,
            bus=events.EventBus.from_event_bus_name(self, "Bus", bus_name),
            topic=topic,
        )
        subscriptions = list(own_events(self, deployment=deployment, bus_name=bus_name, functions=functions))
        reads = reading(self, deployment=deployment, parameters=parameters, table=table)
        api = OrdersApi(
            self,
            "Gateway",
            deployment=deployment,
            function=reads,
            logs=parameters.api_logs,
            commands=functions.commands,
        )
        all_functions = (reads, *functions.commands.values(), functions.notify_restaurant, functions.notify_user)
        Monitoring(
            self,
            "Monitoring",
            deployment=deployment,
            context="orders",
            watched=[
                *signals.of_api(api),
                *signals.of_people(deployment, topic),
                *(line for each in subscriptions for line in of_subscription(each)),
                *(line for each in all_functions for line in of_function(each)),
            ],
        )
        if parameters.schema_registry:
            SchemaRegistry(self, "Schemas", deployment=deployment, context="orders", source=SOURCE)
        for output, value in {
            "System": "choreographed",
            "ApiId": api.rest_api_id,
            "ApiStage": STAGE,
            "ApiUrl": api.url,
            "OidcIssuer": parameters.oidc_issuer,
            "OrdersTable": table.table_name,
            "RestaurantsTopicArn": topic.topic_arn,
        }.items():
            CfnOutput(self, output, value=value)
