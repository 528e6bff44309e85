"""Notify user: a task of the workflow."""

from contexts.orders.application.use_cases import notify_user
from contexts.orders.workflow.task import workflow_task

handler = workflow_task(notify_user)
