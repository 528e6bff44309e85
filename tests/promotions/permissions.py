"""A scenario that uses every permission of the function of promotions: a customer who comes back."""

import json
from uuid import uuid4

from shared import schema_tools
from takeaway.run.client.system import System
from tests.system.iam.calls import Call, sqs_batch


def issue_voucher(system: System, call: Call) -> None:
    """Deliver two orders of a customer, each twice; the second one earns more."""
    customer_id = f"customer-{uuid4().hex[:8]}"
    for _ in range(2):
        event = completed(customer_id)
        for _ in range(2):
            assert call(sqs_batch(event)) == {"batchItemFailures": []}
    assert all(voucher.emailed_at for voucher in system.vouchers.of_customer(customer_id))


def completed(customer_id: str) -> str:
    event = schema_tools.example("order_completed")
    total = {"amount": 2000, "currency": "EUR"}
    event["detail"]["data"] |= {"order_id": str(uuid4()), "customer_id": customer_id, "total": total}
    return json.dumps(event)


LANES = [{"promotions-issue-voucher": issue_voucher}]
