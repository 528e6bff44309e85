"""What a command that compares with an earlier revision is asked."""

from typing import Annotated

import typer

BaseArgument = Annotated[
    str | None,
    typer.Argument(
        metavar="[BASE]", help="A git revision. Default: where this branch left main; on main, the commit before."
    ),
]
NoBaseOk = Annotated[
    bool,
    typer.Option("--no-base-ok", help="There is nothing to compare with, as of a first commit, and that is right."),
]
