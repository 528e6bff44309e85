"""What a deployment tells the functions of promotions, through their environment; beside it, the voucher policy."""

from collections.abc import Mapping


class MissingSetting(ValueError):
    """The function's environment lacks a variable that its template should have set; the message names it."""


class Variable:
    """One of the environment. It is read when it is needed, so that a function needs only those that it uses."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __get__(self, settings: "Settings", _: type) -> str:
        value = settings.environment.get(self._name)
        if not value:
            raise MissingSetting(f"{self._name}: expected in the function's environment, found nothing")
        return value


class Settings:
    vouchers_table = Variable("VOUCHERS_TABLE")
    loyalty_table = Variable("LOYALTY_TABLE")
    sender = Variable("SENDER")

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.environment = environment
