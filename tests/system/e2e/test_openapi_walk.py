"""The API walked along the links of its document: from an order to every call that may follow, by the right caller."""

from collections import Counter
from contextlib import suppress
from typing import Any, ClassVar
from uuid import uuid4

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from hypothesis.errors import FlakyStrategyDefinition
from schemathesis import Case, GenerationMode, Response

from takeaway.paths import REPOSITORY
from takeaway.run.client.system import System
from tests.fakes.people import RESTAURANT

pytestmark = [
    pytest.mark.engine,
    pytest.mark.embedded("what a walk does is bounded by the patience of a fast engine"),
]
DOCUMENT = REPOSITORY / "docs/generated/openapi.json"
DECISIONS = ("accept", "complete", "reject", "cancel")
OF_RESTAURANTS = ("/accept", "/reject", "/complete")
BOUNDED = settings(
    max_examples=6,
    stateful_step_count=7,
    deadline=None,
    phases=[Phase.generate],
    derandomize=False,  # Hypothesis would set it on CI, and then every run would be the same
    database=None,
    suppress_health_check=list(HealthCheck),
)
CHECKS = [
    schemathesis.checks.not_a_server_error,
    schemathesis.checks.status_code_conformance,
    schemathesis.checks.content_type_conformance,
    schemathesis.checks.response_schema_conformance,
]
schema = schemathesis.openapi.from_path(DOCUMENT)
schema.config.generation.update(modes=[GenerationMode.POSITIVE])
schema.config.phases.stateful.inference.algorithms = []  # no inferred links: those of the document are under test
WALKS = 12  # at most
START = "RANDOM__GET_orders"


class Walk(schema.as_state_machine()):  # type: ignore[misc]
    """A walk in which each call is made by whoever may make it. New orders that wait for the restaurant are decided."""

    system: ClassVar[System]
    placed: ClassVar[set[str]] = set()
    answers: ClassVar[Counter[tuple[str, int]]] = Counter()

    def setup(self) -> None:
        self.customer = f"customer-{uuid4()}"  # a new one, so that each walk lists its own orders alone

    def before_call(self, case: Case) -> None:
        if case.operation.label == "POST /orders":
            case.headers["Idempotency-Key"] = str(uuid4())
            case.body["restaurant_id"] = RESTAURANT
            for item in case.body["items"]:
                item["unit_price"]["currency"] = "EUR"  # one currency for all items, which a schema can't demand
        elif case.path_parameters and case.path_parameters["order_id"] in self.placed:
            self.system.placed(case.path_parameters["order_id"])

    def get_call_kwargs(self, case: Case) -> dict[str, Any]:
        tokens = self.system.tokens
        of_restaurant = case.path.endswith(OF_RESTAURANTS)
        token = tokens.restaurant(RESTAURANT) if of_restaurant else tokens.customer(self.customer)
        return {"base_url": self.system.api.url, "headers": {"Authorization": f"Bearer {token}"}}

    def after_call(self, response: Response, case: Case) -> None:
        self.answers[case.operation.label, response.status_code] += 1
        if case.operation.label == "POST /orders" and response.status_code == 202:
            self.placed.add(response.json()["order_id"])

    def validate_response(self, response: Response, case: Case, **kwargs: Any) -> None:
        case.validate_response(response, checks=CHECKS)


# Ids that nobody has given out are tried elsewhere (test_openapi.py): here every walk begins with an empty list, from
# which an order is placed, and goes on along the links.
for rule in dir(Walk):
    if rule in Walk.root_rules - {START} or (rule.startswith("GET_orders___200") and "place_order" not in rule):
        setattr(Walk, rule, None)


def test_the_links_lead_to_every_decision_and_each_is_taken_as_the_document_says(
    system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    # schemathesis leaves a link aside now and then, by a coin that Hypothesis does not know: a walk would not repeat
    monkeypatch.setattr("schemathesis.specs.openapi.stateful.BASE_EXPLORATION_RATE", 0)
    Walk.system = system
    for _ in range(WALKS):
        # Hypothesis wants a walk that begins alike to go on alike, and orders move on by themselves meanwhile: then it
        # ends the run. What was answered until then was checked, and counts; the next run begins otherwise.
        with suppress(FlakyStrategyDefinition):
            Walk.run(settings=BOUNDED)
        decided = {decision: Walk.answers[f"POST /orders/{{order_id}}/{decision}", 200] for decision in DECISIONS}
        if all(decided.values()):
            return
    pytest.fail(f"never reached: {sorted(Walk.answers.items())}")
