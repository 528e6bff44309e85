"""Skip notification: a task of the workflow.

An e-mail that can't be sent does not stop the order; it is only counted.
"""

from contexts.orders.application.steps import skip_notification
from contexts.orders.workflow.task import workflow_task

handler = workflow_task(skip_notification)
