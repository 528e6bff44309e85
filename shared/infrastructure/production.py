"""Refuses to deploy production with parameters that are only examples."""

import re
from collections.abc import Iterable, Mapping

from shared.infrastructure.deployment import NOBODY, Get, InvalidParameter
from shared.stage_names import PRODUCTION

# Domains that nobody can own (RFC 2606 and 6761), which examples use.
_NOBODYS = re.compile(r"(^|[@./])(example\.(com|org|net)|[\w-]+\.(example|invalid|test))(?=$|[:/?#])", re.IGNORECASE)


def refuse_placeholders(settings: Mapping[str, tuple[Get, Iterable[str]]]) -> None:
    """Raise InvalidParameter if production lacks a value of its own.

    `settings` has, by context, the lookup of its parameters and the names of those that its owner must choose. The
    message names every missing or example value of all contexts at once.
    """
    wrong = {
        context: found
        for context, (get, chosen) in settings.items()
        if get("stage") == PRODUCTION and (found := [each for name in chosen for each in _wrong_with(name, get(name))])
    }
    if wrong:
        listed = "; ".join(f"{context}: {', '.join(found)}" for context, found in wrong.items())
        raise InvalidParameter(
            f"stage {PRODUCTION}: expected values of your own, got none or an example of {listed}"
            f" (set them under context.stages.{PRODUCTION} of the context's cdk.json, or with -c name=…)"
        )


def _wrong_with(name: str, value: object) -> list[str]:
    if value is None:
        return [f"{name} (not set)"]
    is_placeholder = value in ("", NOBODY) or _NOBODYS.search(str(value))
    return [f"{name} ({value})"] if is_placeholder else []
