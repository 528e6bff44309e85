"""Settings that a deployment gives the functions of orders, by environment variables."""

from collections.abc import Mapping
from datetime import timedelta

from contexts.orders.domain.allowance import Allowance


class MissingSetting(ValueError):
    """The function's environment lacks a variable that its template should have set; the message names it."""


class Variable:
    """One environment variable.

    It is read when it is used, so that a function needs only the variables that it uses. Raises MissingSetting.
    """

    def __init__(self, name: str) -> None:
        self._name = name

    def __get__(self, settings: "Settings", _: type) -> str:
        value = settings.environment.get(self._name)
        if not value:
            raise MissingSetting(f"{self._name}: expected in the function's environment, found nothing")
        return value


class Settings:
    orders_table = Variable("ORDERS_TABLE")
    bus_name = Variable("BUS_NAME")
    restaurants_topic_arn = Variable("RESTAURANTS_TOPIC_ARN")
    accept_timeout = Variable("ACCEPT_TIMEOUT_SECONDS")
    sender = Variable("SENDER")
    state_machine_arn = Variable("STATE_MACHINE_ARN")
    closing_queue_url = Variable("CLOSING_QUEUE_URL")
    order_timeout = Variable("ORDER_TIMEOUT_SECONDS")
    retention_days = Variable("RETENTION_DAYS")
    allowances_table = Variable("ALLOWANCES_TABLE")
    orders_at_once = Variable("ORDERS_AT_ONCE")
    seconds_per_order = Variable("SECONDS_PER_ORDER")
    oidc_issuer = Variable("OIDC_ISSUER")
    oidc_audience = Variable("OIDC_AUDIENCE")

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.environment = environment

    @property
    def configuration_set(self) -> str | None:
        """The SES configuration set for the e-mails; None on an engine that has none."""
        return self.environment.get("CONFIGURATION_SET")

    @property
    def allowance(self) -> Allowance:
        return Allowance(int(self.orders_at_once), timedelta(seconds=int(self.seconds_per_order)))

    @property
    def retention(self) -> timedelta:
        return timedelta(days=int(self.retention_days))

    @property
    def order_timeout_seconds(self) -> int:
        return int(self.order_timeout)

    @property
    def accept_timeout_seconds(self) -> int:
        return int(self.accept_timeout)
