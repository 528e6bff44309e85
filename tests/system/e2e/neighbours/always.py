"""A deployment of promotions by mistake: it fails on every event. Runs inside the engine."""

from typing import Any

from contexts.promotions.handlers import issue_voucher as deployed


def fails(*_: Any) -> None:
    raise KeyError("a mistake of ours")


deployed.issue_voucher = fails  # type: ignore[assignment]
handler = deployed.handler
