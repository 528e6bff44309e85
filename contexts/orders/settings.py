"""What a deployment tells the functions of orders, through their environment."""

from collections.abc import Mapping


class MissingSetting(ValueError):
    """The function's environment lacks a variable that its template should have set; the message names it."""


class Settings:
    """Each is read when it is needed, so that a function needs only the variables that it uses."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment

    @property
    def orders_table(self) -> str:
        return self._required("ORDERS_TABLE")

    @property
    def bus_name(self) -> str:
        return self._required("BUS_NAME")

    @property
    def restaurants_topic_arn(self) -> str:
        return self._required("RESTAURANTS_TOPIC_ARN")

    @property
    def accept_timeout_seconds(self) -> int:
        return int(self._required("ACCEPT_TIMEOUT_SECONDS"))

    @property
    def sender(self) -> str:
        return self._required("SENDER")

    @property
    def state_machine_arn(self) -> str:
        return self._required("STATE_MACHINE_ARN")

    @property
    def oidc_issuer(self) -> str:
        return self._required("OIDC_ISSUER")

    @property
    def oidc_audience(self) -> str:
        return self._required("OIDC_AUDIENCE")

    def _required(self, name: str) -> str:
        value = self._environment.get(name)
        if not value:
            raise MissingSetting(f"{name}: expected in the function's environment, found nothing")
        return value
