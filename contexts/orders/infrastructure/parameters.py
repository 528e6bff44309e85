"""The parameters of a deployment of orders, read from CDK context."""

from dataclasses import dataclass

from shared.infrastructure.deployment import SENDER, Get, InvalidParameter, flag, seconds, sender, text, whole

CHOSEN = ("oidcIssuer", "oidcAudience", "sender", "alarmEmail")  # a deployment to production must set these


@dataclass(frozen=True)
class OrdersParameters:
    """The values that a deployment may choose. Raises InvalidParameter for values that contradict each other.

    `accept_timeout`, `delivery_timeout` and `order_timeout` are seconds: for the restaurant to answer, to deliver, and
    for the whole order, as a last resort. `most_retries` limits the retries of the steps, for a stage on which a step
    shall fail soon.

    `retention_days` is how long an order stays after its end. A customer may place `orders_at_once`, then one more
    every `seconds_per_order`. `oidc_issuer` is kept as given, because a token's `iss` must equal it letter by letter.

    `schema_registry=False` leaves the registry of events out of the template, for an engine that has none;
    `mail_events=False` the events of SES about e-mails, for an engine without configuration sets; `api_logs=False` the
    log of the API, for an account whose API Gateway may write none.
    """

    oidc_issuer: str = "https://issuer.example.com"
    oidc_audience: str = "takeaway-api"
    sender: str = SENDER
    accept_timeout: int = 600
    delivery_timeout: int = 5400
    order_timeout: int = 7200
    most_retries: int = 14
    retention_days: int = 400
    orders_at_once: int = 10
    seconds_per_order: int = 60
    schema_registry: bool = True
    mail_events: bool = True
    api_logs: bool = True

    def __post_init__(self) -> None:
        if self.order_timeout <= self.accept_timeout + self.delivery_timeout:
            raise InvalidParameter(
                "orderTimeoutSeconds: expected more than acceptTimeoutSeconds and deliveryTimeoutSeconds together"
                f" ({self.accept_timeout} + {self.delivery_timeout}), got {self.order_timeout}"
            )

    @property
    def told(self) -> dict[str, str]:
        """The values by which people know a deployment, with their names; stored in the stack's metadata."""
        return {
            "deadline of the restaurant's answer": f"{self.accept_timeout} s",
            "deadline of the delivery": f"{self.delivery_timeout} s",
            "deadline of the order": f"{self.order_timeout} s",
            "orders are kept after their end": f"{self.retention_days} days",
            "issuer of tokens": self.oidc_issuer,
            "audience of tokens": self.oidc_audience,
            "sender of e-mails": self.sender,
        }

    @classmethod
    def from_context(cls, get: Get) -> "OrdersParameters":
        """Read the parameters from CDK context, with the defaults above. Raises InvalidParameter."""
        return cls(
            oidc_issuer=text(get, "oidcIssuer", cls.oidc_issuer),
            oidc_audience=text(get, "oidcAudience", cls.oidc_audience),
            sender=sender(get),
            accept_timeout=seconds(get, "acceptTimeoutSeconds", cls.accept_timeout),
            delivery_timeout=seconds(get, "deliveryTimeoutSeconds", cls.delivery_timeout),
            order_timeout=seconds(get, "orderTimeoutSeconds", cls.order_timeout),
            retention_days=whole(get, "retentionDays", cls.retention_days, of="days"),
            orders_at_once=whole(get, "ordersAtOnce", cls.orders_at_once),
            seconds_per_order=seconds(get, "secondsPerOrder", cls.seconds_per_order),
            most_retries=whole(get, "mostRetries", cls.most_retries),
            schema_registry=flag(get, "schemaRegistry"),
            mail_events=flag(get, "mailEvents"),
            api_logs=flag(get, "apiLogs"),
        )
