"""The stack of choreographed orders: it replaces the orders stack, and no other context notices."""

from typing import Any

from aws_cdk import Stack
from aws_cdk import aws_events as events
from constructs import Construct

from contexts.orders.infrastructure import outputs, signals
from contexts.orders.infrastructure.api import OrdersApi
from contexts.orders.infrastructure.database import AllowancesTable, OrdersTable
from contexts.orders.infrastructure.parameters import OrdersParameters
from contexts.orders.infrastructure.topic import RestaurantsTopic
from examples.choreographed_orders.infrastructure.functions import ChoreographedFunctions, reading
from examples.choreographed_orders.infrastructure.subscriptions import own_events
from shared.infrastructure.deployment import Deployment
from shared.infrastructure.monitoring import Monitoring
from shared.infrastructure.signals import of_function, of_subscription
from shared.said_by_stacks import SETTINGS


class ChoreographedOrdersStack(Stack):
    """The stack of orders without a workflow: same API, table, topic, events and source as OrdersStack.

    Resources that both stacks have carry the same id, so that one can be deployed over the other.
    """

    def __init__(
        self, scope: Construct, id: str, *, deployment: Deployment, parameters: OrdersParameters, **kwargs: Any
    ) -> None:
        super().__init__(scope, id, **kwargs)
        self.add_metadata(SETTINGS, parameters.told)
        table = OrdersTable(self, "Orders", deployment=deployment, retention_days=parameters.retention_days)
        topic = RestaurantsTopic(self, "Restaurants", deployment=deployment)
        functions = ChoreographedFunctions(
            self,
            "Steps",
            deployment=deployment,
            parameters=parameters,
            table=table,
            bus=events.EventBus.from_event_bus_name(self, "Bus", deployment.bus_name),
            topic=topic,
        )
        AllowancesTable(self, "Allowances", deployment=deployment).let_take(functions.commands["place"], parameters)
        subscriptions = list(own_events(self, deployment=deployment, functions=functions))
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
                *functions.mailing.watched(),
                *(line for each in subscriptions for line in of_subscription(each)),
                *(line for each in all_functions for line in of_function(each)),
            ],
        )
        outputs.tell(self, deployment, parameters, api=api, table=table, topic=topic, System="choreographed")
