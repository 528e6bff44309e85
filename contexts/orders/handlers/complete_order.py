"""Complete order: a task of the workflow."""

from contexts.orders.application.steps import complete_order
from contexts.orders.workflow.task import workflow_task

handler = workflow_task(complete_order)
