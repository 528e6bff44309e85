"""What a deployment tells the functions of the console, through their environment."""

from collections.abc import Mapping


class MissingSetting(ValueError):
    """The function's environment lacks a variable that its template should have set; the message names it."""


class Settings:
    """Each is read when it is needed, so that a function needs only the variables that it uses."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment

    @property
    def journal_table(self) -> str:
        return self._required("JOURNAL_TABLE")

    def _required(self, name: str) -> str:
        value = self._environment.get(name)
        if not value:
            raise MissingSetting(f"{name}: expected in the function's environment, found nothing")
        return value
