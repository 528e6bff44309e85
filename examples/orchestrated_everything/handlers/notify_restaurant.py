"""Notify restaurant: a task of the workflow."""

from contexts.orders.application.steps import notify_restaurant
from examples.orchestrated_everything.task import workflow_task

handler = workflow_task(notify_restaurant)
