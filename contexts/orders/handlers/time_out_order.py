"""Time out order: a task of the workflow."""

from contexts.orders.application.steps import time_out_order
from contexts.orders.workflow.task import workflow_task

handler = workflow_task(time_out_order)
