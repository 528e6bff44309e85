"""The stories of the comparison. Their texts are in texts.toml, in the order of the page's sections."""

import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, TypeAdapter

from takeaway.study.compare.contender import Contender
from takeaway.study.compare.findings import Told
from takeaway.study.compare.release import Release
from takeaway.study.compare.stories import (
    blast_radius,
    change_requests,
    goes_well,
    mail_fails,
    no_answer,
    open_orders,
    promotions_down,
    whereabouts,
    whole_flow,
)

TEXTS = Path(__file__).with_name("texts.toml")


@dataclass(frozen=True)
class Story:
    """A section of the comparison.

    `begin` is the slow part: it runs beside earlier stories, and `live` gets its result. If `alone`, the systems are
    played one after the other with nothing beside, because times are measured.
    """

    anchor: str
    live: Callable[[Contender, Any], Told]
    begin: Callable[[Contender, int], Any] = lambda _, orders: orders
    alone: bool = False
    absent: str = ""  # the text for a system that lacks what is measured


class Text(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    title: str
    told: str


STORIES = (  # in the order in which they are played
    Story("goes-well", goes_well.goes_well, alone=True),
    Story("restaurant-never-answers", no_answer.look, begin=no_answer.place),
    Story("where-is-order-x", whereabouts.ask),
    Story("notify-user-fails", mail_fails.fail),
    Story("promotions-down", promotions_down.down),
    Story("the-whole-flow", whole_flow.show),
    Story("blast-radius", blast_radius.tell, absent="has none"),
    Story("change-requests", change_requests.tell, begin=change_requests.measure),
    # last, because it changes what is deployed
    Story("open-orders", open_orders.deploy, begin=lambda contender, _: Release.of(contender)),
)


def texts() -> dict[str, Text]:
    """Read the texts, by section."""
    found = tomllib.loads(TEXTS.read_text(encoding="utf-8"))
    return TypeAdapter(dict[str, Text]).validate_python(found)
