"""Place order: a task of the workflow."""

from contexts.orders.application.steps import place_order
from examples.orchestrated_everything.task import workflow_task

handler = workflow_task(place_order)
