"""The arguments of commands that compare this folder with an earlier git revision."""

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
    typer.Option("--no-base-ok", help="Do not fail when there is nothing to compare with, as in a first commit."),
]
