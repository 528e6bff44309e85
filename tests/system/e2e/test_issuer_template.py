"""docs/aws/identity.yaml, deployed as docs/deploying.md says: its users, and the claims in their tokens."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import jwt
import pytest

from takeaway.paths import REPOSITORY
from takeaway.run.client.target import Target
from tests.conftest import Engine

pytestmark = [
    pytest.mark.engine,
    pytest.mark.own_stage,
    pytest.mark.embedded("LocalStack's free edition has no Cognito"),
]
TEMPLATE = REPOSITORY / "docs/aws/identity.yaml"
PASSWORD = "correct-Horse-7-battery"  # pragma: allowlist secret


@pytest.fixture(scope="module")
def outputs(engine: Engine) -> Iterator[dict[str, str]]:
    target, stage = engine.target, f"id{uuid4().hex[:6]}"
    stacks, name = target.client("cloudformation"), f"takeaway-{stage}-identity"
    stacks.create_stack(
        StackName=name,
        TemplateBody=TEMPLATE.read_text(encoding="utf-8"),
        Parameters=[{"ParameterKey": "Stage", "ParameterValue": stage}],
        Capabilities=["CAPABILITY_IAM"],
    )
    stacks.get_waiter("stack_create_complete").wait(StackName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 60})
    [stack] = stacks.describe_stacks(StackName=name)["Stacks"]
    found = {each["OutputKey"]: each["OutputValue"] for each in stack["Outputs"]}
    yield found
    stacks.delete_stack(StackName=name)
    users = target.client("cognito-idp")
    users.update_user_pool(UserPoolId=found["UserPoolId"], DeletionProtection="INACTIVE")
    users.delete_user_pool(UserPoolId=found["UserPoolId"])


def claims(target: Target, outputs: dict[str, str], email: str, **attributes: str) -> dict[str, Any]:
    """Return the claims of the ID token of a new user."""
    users, pool = target.client("cognito-idp"), outputs["UserPoolId"]
    given = [{"Name": name, "Value": value} for name, value in {"email": email, **attributes}.items()]
    users.admin_create_user(UserPoolId=pool, Username=email, UserAttributes=given)
    users.admin_set_user_password(UserPoolId=pool, Username=email, Password=PASSWORD, Permanent=True)
    answer = users.initiate_auth(
        AuthFlow="USER_PASSWORD_AUTH",
        ClientId=outputs["OidcAudience"],
        AuthParameters={"USERNAME": email, "PASSWORD": PASSWORD},
    )
    token = answer["AuthenticationResult"]["IdToken"]
    assert jwt.get_unverified_header(token)["alg"] == "RS256"
    return dict(jwt.decode(token, options={"verify_signature": False}))


def test_its_tokens_say_who_is_a_restaurant_and_who_a_customer(engine: Engine, outputs: dict[str, str]) -> None:
    kitchen = claims(engine.target, outputs, "kitchen@example.com", **{"custom:restaurant_id": "osteria-da-luigi"})
    assert (kitchen["role"], kitchen["restaurant_id"]) == ("restaurant", "osteria-da-luigi")
    ada = claims(engine.target, outputs, "ada@example.com", email_verified="true")
    assert (ada["email"], str(ada["email_verified"]).lower()) == ("ada@example.com", "true")
    assert (ada["role"], "restaurant_id" in ada) == ("customer", False)
    assert (ada["iss"], ada["aud"]) == (outputs["OidcIssuer"], outputs["OidcAudience"])
