"""Settings that a deployment gives the function of the console, by environment variables: the journal's table."""

from collections.abc import Mapping


def journal_table(environment: Mapping[str, str]) -> str:
    if name := environment.get("JOURNAL_TABLE"):
        return name
    raise ValueError("JOURNAL_TABLE: expected in the function's environment, found nothing")
