"""A deployment of promotions by mistake: stricter than the schema. Runs inside the engine."""

from typing import Self

from pydantic import model_validator

from contexts.promotions.handlers import issue_voucher as deployed


class Strict(deployed.OrderCompleted):
    @model_validator(mode="after")
    def in_euros(self) -> Self:
        if self.detail.data.total.currency != "EUR":
            raise ValueError("a total that is not in EUR")
        return self


deployed.OrderCompleted = Strict  # type: ignore[misc]
handler = deployed.handler
