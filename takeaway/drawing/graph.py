"""Boxes and arrows, before anybody draws them."""

from pydantic import BaseModel, ConfigDict


class Box(BaseModel):
    """`kind` says how it is drawn: step, wait, decision, event, end, fail, done, note, queue, person, parallel.

    `detail` is what is said below its text.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    text: str
    kind: str = "step"
    detail: str = ""
    is_main: bool = False


class Arrow(BaseModel):
    """`is_error` says that it is taken where something failed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: str
    target: str
    text: str = ""
    is_main: bool = False
    is_error: bool = False


Graph = tuple[list[Box], list[Arrow]]
