"""Notify restaurant: a task of the workflow."""

from contexts.orders.application.steps import notify_restaurant
from contexts.orders.workflow.task import workflow_task

handler = workflow_task(notify_restaurant)
