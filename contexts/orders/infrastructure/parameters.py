"""What a deployment decides about orders."""

from collections.abc import Callable
from dataclasses import dataclass

from shared.infrastructure.deployment import InvalidParameter, flag, seconds, sender, text


@dataclass(frozen=True)
class OrdersParameters:
    """Timeouts are seconds: for the restaurant to answer, to deliver, and for the whole order (which stands behind).

    `oidc_issuer` is kept as it is given, because tokens are held against it letter by letter.
    `schema_registry=False` leaves the registry of its events out of the template, for an engine that has none.
    `api_logs=False` leaves out the log of the API, for an account whose API Gateway may write none.
    """

    oidc_issuer: str
    oidc_audience: str
    sender: str
    accept_timeout: int = 600
    delivery_timeout: int = 5400
    order_timeout: int = 7200
    schema_registry: bool = True
    api_logs: bool = True

    def __post_init__(self) -> None:
        if self.order_timeout <= self.accept_timeout + self.delivery_timeout:
            raise InvalidParameter(
                "orderTimeoutSeconds: expected more than acceptTimeoutSeconds and deliveryTimeoutSeconds together"
                f" ({self.accept_timeout} + {self.delivery_timeout}), got {self.order_timeout}"
            )

    @classmethod
    def from_context(cls, get: Callable[[str], object]) -> "OrdersParameters":
        """Read from CDK context (`node.try_get_context`). Raises InvalidParameter."""
        return cls(
            oidc_issuer=text(get, "oidcIssuer"),
            oidc_audience=text(get, "oidcAudience"),
            sender=sender(get),
            accept_timeout=seconds(get, "acceptTimeoutSeconds"),
            delivery_timeout=seconds(get, "deliveryTimeoutSeconds"),
            order_timeout=seconds(get, "orderTimeoutSeconds"),
            schema_registry=flag(get, "schemaRegistry"),
            api_logs=flag(get, "apiLogs"),
        )
