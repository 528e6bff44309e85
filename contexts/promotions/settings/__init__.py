"""What a deployment tells the function of promotions, through its environment; beside it, the voucher policy."""

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields


class MissingSetting(ValueError):
    """The message names each variable that the function's template should have set, and shows no value."""


@dataclass(frozen=True)
class Settings:
    """Each from the variable of its name in capitals: the one function needs all that have no default."""

    vouchers_table: str
    loyalty_table: str
    sender: str
    configuration_set: str | None = None  # where the engine has no configuration sets of SES

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> "Settings":
        """Raises MissingSetting."""
        found = {field.name: environment.get(field.name.upper()) for field in fields(cls)}
        if missing := [each.name.upper() for each in fields(cls) if not found[each.name] and each.default is MISSING]:
            raise MissingSetting(f"{', '.join(missing)}: expected in the function's environment, found nothing")
        return cls(**{name: value for name, value in found.items() if value})
