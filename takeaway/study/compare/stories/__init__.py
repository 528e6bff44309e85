"""What happens to orders, story by story. Their texts are in texts.toml, in the order in which they are told."""

import tomllib
from pathlib import Path

from pydantic import BaseModel, ConfigDict, TypeAdapter

from takeaway.study.compare.stories import (
    blast_radius,
    goes_well,
    mail_fails,
    no_answer,
    promotions_down,
    whereabouts,
    whole_flow,
)
from takeaway.study.compare.stories.scene import Story

TEXTS = Path(__file__).with_name("texts.toml")


class Text(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    title: str
    told: str


CHANGES = "change-requests"  # no order is needed for them
STORIES = (
    Story("goes-well", goes_well.goes_well, alone=True),
    Story("restaurant-never-answers", no_answer.look, begin=no_answer.place),
    Story("where-is-order-x", whereabouts.ask),
    Story("notify-user-fails", mail_fails.fail),
    Story("promotions-down", promotions_down.down),
    Story("the-whole-flow", whole_flow.show),
    Story("blast-radius", blast_radius.tell, absent="has none"),
)


def texts() -> dict[str, Text]:
    """By section."""
    found = tomllib.loads(TEXTS.read_text(encoding="utf-8"))
    return TypeAdapter(dict[str, Text]).validate_python(found)
