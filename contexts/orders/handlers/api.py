"""The function behind API Gateway."""

from typing import Any

import contexts.orders.adapters.oidc_identity  # noqa: F401 - every call needs it, and init is where it is cheap
from contexts.orders.api.service import logged_answer, resolver
from contexts.orders.bootstrap import production, ready

if ready("identity", "orders", "allowances", "workflow", "clock"):
    resolver()


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    return logged_answer(event, context, production())
