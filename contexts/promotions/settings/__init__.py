"""Settings that a deployment gives the function of promotions, by environment variables; and the voucher policy."""

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields


class MissingSetting(ValueError):
    """A variable is missing that the function's template should have set.

    The message names each such variable and shows no value.
    """


@dataclass(frozen=True)
class Settings:
    """The settings; each is read from the variable of its name in capitals.

    All without a default are required at once, because the only function needs them all.
    """

    vouchers_table: str
    loyalty_table: str
    sender: str
    configuration_set: str | None = None  # None on an engine without configuration sets of SES

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> "Settings":
        """Read the settings. Raises MissingSetting."""
        found = {field.name: environment.get(field.name.upper()) for field in fields(cls)}
        if missing := [each.name.upper() for each in fields(cls) if not found[each.name] and each.default is MISSING]:
            raise MissingSetting(f"{', '.join(missing)}: expected in the function's environment, found nothing")
        return cls(**{name: value for name, value in found.items() if value})
