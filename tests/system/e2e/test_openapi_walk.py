"""The API walked by its own document: from an order along the links to whatever can be done with it, by who may."""

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
    derandomize=False,  # as Hypothesis would have it where CI is set, when every run would begin alike
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
schema.config.phases.stateful.inference.algorithms = []  # of links: those of the document are what is tried
WALKS = 12  # at most
START = "RANDOM__GET_orders"


class Walk(schema.as_state_machine()):  # type: ignore[misc]
    """Each call is made by whoever may make it; what waits for the restaurant is decided when it is placed."""

    system: ClassVar[System]
    placed: ClassVar[set[str]] = set()
    answers: ClassVar[Counter[tuple[str, int]]] = Counter()

    def setup(self) -> None:
        self.customer = f"customer-{uuid4()}"  # each walk finds what it has placed itself, and so ends alike

    def before_call(self, case: Case) -> None:
        if case.operation.label == "POST /orders":
            case.headers["Idempotency-Key"] = str(uuid4())
            case.body["restaurant_id"] = RESTAURANT
            for item in case.body["items"]:
                item["unit_price"]["currency"] = "EUR"  # one for all: what no schema can say
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
