"""The words of the doctor about a rule as a person reads them, however wide the terminal is."""

from rich.console import Console

from takeaway.check.fitness.rule import Result
from takeaway.check.fitness.telling import checklist

WIDE = 10_000


def as_read(result: Result) -> str:
    console = Console(width=WIDE, highlight=False)
    with console.capture() as captured:
        for line in checklist([result], explain=False):
            console.print(line)
    return captured.get()
