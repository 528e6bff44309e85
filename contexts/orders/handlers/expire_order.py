"""Expire order: a task of the workflow."""

from contexts.orders.application.steps import expire_order
from contexts.orders.workflow.task import workflow_task

handler = workflow_task(expire_order)
