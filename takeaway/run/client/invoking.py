"""Calling a function by its name, as an operator may."""

import json
from typing import Any

from takeaway.errors import TakeawayError
from takeaway.run.client.target import Target


def invoke(target: Target, function: str, **event: Any) -> dict[str, Any]:
    """What it answers. Raises TakeawayError with what it failed of."""
    answer = target.client("lambda").invoke(FunctionName=function, Payload=json.dumps(event))
    said = json.loads(answer["Payload"].read() or b"{}")
    if "FunctionError" in answer:
        words = said.get("errorMessage") or said.get("errorType") or said  # some errors have a class and no text
        raise TakeawayError(f"{function} failed: {words}")
    done: dict[str, Any] = said
    return done
