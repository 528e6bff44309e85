"""Skip notification: a task of the workflow. A mail that can't be sent stops no order; it is counted."""

from contexts.orders.application.steps import skip_notification
from examples.orchestrated_everything.task import workflow_task

handler = workflow_task(skip_notification)
