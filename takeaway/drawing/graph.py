"""The boxes and arrows of a graph, independent of how they are drawn."""

from pydantic import BaseModel, ConfigDict


class Box(BaseModel):
    """A box. Its shape depends on `kind`: step, wait, decision, event, end, fail, done, note, queue, person, parallel.

    `detail` is a second line below the text.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    text: str
    kind: str = "step"
    detail: str = ""
    is_main: bool = False


class Arrow(BaseModel):
    """An arrow between two boxes; `is_error` marks a way that is taken after a failure."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: str
    target: str
    text: str = ""
    is_main: bool = False
    is_error: bool = False


Graph = tuple[list[Box], list[Arrow]]
