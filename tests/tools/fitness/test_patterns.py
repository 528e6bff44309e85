"""The judgement whether a rule can match an event agrees with EventBridge; where it can't know, it says yes."""

import json
from typing import Any

import pytest
from moto.events.models import EventPattern

from takeaway.check.fitness.patterns import may_match

SOURCE, TYPE = "takeaway.orders", "order_completed"
EVENT = {"source": SOURCE, "detail-type": TYPE, "detail": {"data": {"total": 1}}}
PATTERNS: list[tuple[dict[str, Any], bool]] = [
    ({"source": [SOURCE]}, True),
    ({"source": ["takeaway.promotions"]}, False),
    ({"source": ["takeaway.order"]}, False),
    ({"source": ["takeaway.promotions", {"prefix": "takeaway."}]}, True),
    ({"source": [{"prefix": "aws."}]}, False),
    ({"source": [{"suffix": ".orders"}]}, True),
    ({"source": [{"suffix": ".promotions"}]}, False),
    ({"source": [{"anything-but": ["takeaway.promotions"]}]}, True),
    ({"source": [{"anything-but": [SOURCE]}]}, False),
    ({"source": [SOURCE], "detail-type": [TYPE]}, True),
    ({"source": [SOURCE], "detail-type": ["order_placed"]}, False),
    ({"detail-type": [TYPE]}, True),
    ({"detail": {"data": {"total": [1]}}}, True),
]


@pytest.mark.parametrize(("pattern", "matches"), PATTERNS)
def test_a_pattern_matches_as_the_bus_says(pattern: dict[str, Any], matches: bool) -> None:
    assert may_match(pattern, source=SOURCE, detail_type=TYPE) is matches
    assert bool(EventPattern(json.dumps(pattern), pattern).matches_event(EVENT)) is matches  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("pattern", "matches"),
    [
        ({"source": [{"wildcard": "takeaway.*"}]}, True),
        ({"source": [{"wildcard": "aws.*"}]}, False),
        ({"source": [{"equals-ignore-case": "Takeaway.Orders"}]}, True),
        ({"$or": [{"source": ["aws.s3"]}, {"source": [SOURCE]}]}, True),
        ({"$or": [{"source": ["aws.s3"]}, {"source": ["aws.ec2"]}]}, False),
        ({"source": [{"of-tomorrow": 1}]}, True),
        ({}, True),
    ],
)
def test_what_only_the_bus_itself_can_decide_today(pattern: dict[str, Any], matches: bool) -> None:
    assert may_match(pattern, source=SOURCE) is matches
