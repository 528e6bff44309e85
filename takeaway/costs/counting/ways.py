"""What people do and what fails on each way of tests/workflow/ways.json, which says through which states it leads."""

from dataclasses import dataclass
from typing import Literal

Moment = Literal["waiting", "before", "too late"]  # too late: while the wait times out, so its callback reaches nobody


@dataclass(frozen=True)
class Way:
    """`decide` is a call of the API, if anyone makes one; so is `complete`. `failing` are functions that crash."""

    decide: str | None = None
    complete: bool = False
    decided: Moment = "waiting"
    completed: Moment = "waiting"
    failing: frozenset[str] = frozenset()


WAYS = {
    "completed": Way("accept", complete=True),
    "rejected": Way("reject"),
    "cancelled": Way("cancel"),
    "expired": Way(),
    "timed out": Way("accept"),
    "failed at the first step": Way(failing=frozenset({"place_order"})),
    "failed after acceptance": Way("accept", complete=True, failing=frozenset({"complete_order"})),
    "decided before the workflow waited": Way("reject", decided="before"),
    "decided in the moment of the timeout": Way("reject", decided="too late"),
    "completed in the moment of the deadline": Way("accept", complete=True, completed="too late"),
    "completed, its confirmation could not be mailed": Way("accept", complete=True, failing=frozenset({"notify_user"})),
}
