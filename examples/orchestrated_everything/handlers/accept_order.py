"""Accept order: a task of the workflow."""

from contexts.orders.application.steps import accept_order
from examples.orchestrated_everything.task import workflow_task

handler = workflow_task(accept_order)
