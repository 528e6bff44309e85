"""The templates of docs/aws, for an account's own resources beside the stacks. cfn-lint checks their form."""

import ast
import json
from pathlib import Path
from typing import Any

import pytest
from cfnlint.decode.cfn_yaml import load

from contexts.orders.adapters.oidc_identity import _identity
from contexts.orders.domain.identity import Identity, Role
from takeaway.check.templates import checked
from takeaway.paths import REPOSITORY

FILES = sorted((REPOSITORY / "docs/aws").glob("*.yaml"))
PAGE = (REPOSITORY / "docs/deploying.md").read_text(encoding="utf-8")


def resource(file: str, id_: str) -> dict[str, Any]:
    properties: dict[str, Any] = load(str(REPOSITORY / "docs/aws" / file))["Resources"][id_]["Properties"]
    return properties


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_template_is_as_cloudformation_wants_it_and_has_its_command_on_the_page(file: Path) -> None:
    assert list(checked._findings(file.read_text(encoding="utf-8"))) == []
    assert f"docs/aws/{file.name}" in PAGE


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_page_gives_every_parameter_that_a_template_asks_for(file: Path) -> None:
    for parameter, asked in load(str(file)).get("Parameters", {}).items():
        assert "Default" in asked or f"{parameter}=" in PAGE or f"`{parameter}`" in PAGE, parameter


def test_a_wrong_template_would_be_noticed() -> None:
    text = (REPOSITORY / "docs/aws/account.yaml").read_text(encoding="utf-8")
    assert list(checked._findings(text.replace("CloudWatchRoleArn", "CloudWatchRole")))


def test_a_template_is_linted_once_and_one_that_differs_or_was_wrong_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    linted: list[str] = []
    lint = checked.lint
    monkeypatch.setattr(checked, "SOUND", tmp_path / "sound")
    monkeypatch.setattr(checked, "lint", lambda text, **given: linted.append(text) or lint(text, **given))
    right = "Resources: {Topic: {Type: 'AWS::SNS::Topic'}}"
    other, wrong = right.replace("Topic:", "Told:"), right.replace("SNS", "SMS")
    for text in (right, right, other, wrong, wrong):
        assert bool(list(checked._findings(text))) is (text == wrong)
    assert linted == [right, other, wrong, wrong]


def claims(attributes: dict[str, str]) -> dict[str, Any]:
    """Return the claims that the user pool's function adds to the token of such a user."""
    code = resource("identity.yaml", "AddClaims")["Code"]["ZipFile"]
    namespace: dict[str, Any] = {}
    exec(compile(ast.parse(code), "index.py", "exec"), namespace)
    event = {"request": {"userAttributes": attributes}, "response": {}}
    answer = namespace["add_claims"](json.loads(json.dumps(event)), None)
    added: dict[str, Any] = answer["response"]["claimsOverrideDetails"]["claimsToAddOrOverride"]
    return added


def test_the_api_knows_who_the_user_pool_says_that_somebody_is() -> None:
    customer = {"sub": "3f1c", **claims({"sub": "3f1c", "email": "ada@example.com"})}
    assert _identity(customer) == Identity(Role.CUSTOMER, "3f1c")
    kitchen = {"sub": "9a2b", **claims({"sub": "9a2b", "custom:restaurant_id": "osteria-da-luigi"})}
    assert _identity(kitchen) == Identity(Role.RESTAURANT, "osteria-da-luigi")


def test_nobody_makes_himself_a_restaurant() -> None:
    assert resource("identity.yaml", "Client")["WriteAttributes"] == ["email", "name"]


def test_a_neighbours_bus_lets_in_orders_and_only_with_its_own_source() -> None:
    statement = resource("listening.yaml", "LetOrdersIn")["Statement"]
    assert statement["Condition"] == {"StringEquals": {"events:source": "takeaway.orders"}}
    assert "${OrdersAccount}:root" in str(statement["Principal"])
    assert resource("forwarding.yaml", "Forward")["EventPattern"] == {"source": ["takeaway.orders"]}
