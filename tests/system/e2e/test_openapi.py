"""The API against its document: random requests, right and wrong, get only answers that the document has."""

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings

from takeaway.paths import REPOSITORY
from takeaway.run.client.system import System

pytest_plugins = ["schemathesis.pytest.plugin"]  # loaded here only, because its import is slow
pytestmark = [
    pytest.mark.engine,
    pytest.mark.embedded("LocalStack's gateway breaks on a multipart body without a boundary, before we see it"),
]
DOCUMENT = REPOSITORY / "docs/generated/openapi.json"
schema = schemathesis.openapi.from_path(DOCUMENT)
BOUNDED = settings(
    max_examples=25,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)


@schema.parametrize()
@BOUNDED
def test_a_customer_gets_no_answer_that_the_document_does_not_know(case: schemathesis.Case, system: System) -> None:
    validated(case, system, system.tokens.customer("schemathesis"))


@schema.parametrize()
@BOUNDED
def test_a_restaurant_gets_no_answer_that_the_document_does_not_know(case: schemathesis.Case, system: System) -> None:
    validated(case, system, system.tokens.restaurant("trattoria-roma"))


def validated(case: schemathesis.Case, system: System, token: str) -> None:
    case.call_and_validate(
        base_url=system.api.url,
        headers={"Authorization": f"Bearer {token}"},
        checks=[
            schemathesis.checks.not_a_server_error,
            schemathesis.checks.status_code_conformance,
            schemathesis.checks.content_type_conformance,
            schemathesis.checks.response_schema_conformance,
        ],
    )
