"""What happens to orders, story by story. Their texts are in texts.toml, in the order in which they are told."""

import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, TypeAdapter

from takeaway.study.compare.contender import Contender
from takeaway.study.compare.findings import Told
from takeaway.study.compare.stories import (
    blast_radius,
    change_requests,
    goes_well,
    mail_fails,
    no_answer,
    promotions_down,
    whereabouts,
    whole_flow,
)

TEXTS = Path(__file__).with_name("texts.toml")


@dataclass(frozen=True)
class Story:
    """A section of the comparison.

    `begin` is for what takes its time: it runs beside the stories before, and `live` gets what it gave. `alone`: one
    system after the other, with nothing beside it, since times are measured.
    """

    anchor: str
    live: Callable[[Contender, Any], Told]
    begin: Callable[[Contender, int], Any] = lambda _, orders: orders
    alone: bool = False
    absent: str = ""  # said where a system has not what another was looked at for


class Text(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    title: str
    told: str


STORIES = (  # in the order in which they are lived
    Story("goes-well", goes_well.goes_well, alone=True),
    Story("restaurant-never-answers", no_answer.look, begin=no_answer.place),
    Story("where-is-order-x", whereabouts.ask),
    Story("notify-user-fails", mail_fails.fail),
    Story("promotions-down", promotions_down.down),
    Story("the-whole-flow", whole_flow.show),
    Story("blast-radius", blast_radius.tell, absent="has none"),
    Story("change-requests", change_requests.tell, begin=change_requests.measure),
)


def texts() -> dict[str, Text]:
    """By section."""
    found = tomllib.loads(TEXTS.read_text(encoding="utf-8"))
    return TypeAdapter(dict[str, Text]).validate_python(found)
