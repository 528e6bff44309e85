"""Between contexts there is nothing but events of the bus: read from the templates that would be deployed.

Each rule is also given a template that breaks it.
"""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from tests.architecture import rules

BUS, SOURCE = "takeaway-dev", "takeaway.orders"
NEIGHBOURS = ("promotions", "analytics")
STACKS = ("bus", "orders", *NEIGHBOURS, "console")

Template = dict[str, Any]
Spoil = Callable[[Template], object]


def wrong_publishing(template: Template) -> list[str]:
    return rules.wrong_publishing(template, bus=BUS, source=SOURCE)


def listens_to_orders(template: Template) -> list[str]:
    return rules.listens_to_source(template, SOURCE)


EVERYWHERE = (
    rules.exports_and_imports,
    rules.wildcard_actions,
    rules.shared_roles,
    rules.unsafe_subscriptions,
    wrong_publishing,
)


def test_every_stack_is_there(templates: dict[str, Template]) -> None:
    assert sorted(templates) == sorted(STACKS)


@pytest.mark.parametrize("stack", STACKS)
@pytest.mark.parametrize("rule", EVERYWHERE)
def test_a_stack_keeps_the_rule(
    templates: dict[str, Template], stack: str, rule: Callable[[Template], list[str]]
) -> None:
    assert rule(templates[stack]) == []


def test_only_orders_orchestrates(templates: dict[str, Template]) -> None:
    machines = {
        name: len(rules.resources(template, "AWS::StepFunctions::StateMachine")) for name, template in templates.items()
    }
    assert {name for name, count in machines.items() if count} == {"orders"}


def test_only_orders_may_put_events(templates: dict[str, Template]) -> None:
    assert {name for name, template in templates.items() if rules.may(template, "events:PutEvents")} == {"orders"}


def test_nobody_but_orders_starts_or_wakes_a_workflow(templates: dict[str, Template]) -> None:
    for action in ("states:StartExecution", "states:SendTaskSuccess"):
        assert {name for name, template in templates.items() if rules.may(template, action)} == {"orders"}


@pytest.mark.parametrize("stack", NEIGHBOURS)
def test_a_neighbour_refers_to_nothing_of_orders(templates: dict[str, Template], stack: str) -> None:
    owned = rules.names_of(templates["orders"])
    assert f"{BUS}-orders" in owned
    assert rules.references(templates[stack], owned) == []


@pytest.mark.parametrize("stack", NEIGHBOURS)
def test_orders_refers_to_nothing_of_a_neighbour(templates: dict[str, Template], stack: str) -> None:
    owned = rules.names_of(templates[stack])
    assert owned
    assert rules.references(templates["orders"], owned) == []


def test_the_console_knows_the_topic_of_orders_and_nothing_else(templates: dict[str, Template]) -> None:
    owned = rules.names_of(templates["orders"])
    assert rules.references(templates["console"], owned) == [f"{BUS}-restaurants"]


def test_no_function_of_orders_is_triggered_by_an_event_of_orders(templates: dict[str, Template]) -> None:
    assert listens_to_orders(templates["orders"]) == []


@pytest.mark.parametrize("stack", [*NEIGHBOURS, "console"])
def test_a_neighbour_listens_to_orders(templates: dict[str, Template], stack: str) -> None:
    assert len(listens_to_orders(templates[stack])) == 1


def first(template: Template, kind: str) -> dict[str, Any]:
    return next(iter(rules.resources(template, kind).values()))


def grant(template: Template, **statement: Any) -> None:
    statements = first(template, "AWS::IAM::Policy")["PolicyDocument"]["Statement"]
    statements.append({"Effect": "Allow", "Resource": "*"} | statement)


def without_alarms(template: Template) -> None:
    for name in rules.resources(template, "AWS::CloudWatch::Alarm"):
        del template["Resources"][name]


def without_dead_letters(template: Template) -> None:
    for queue in rules.resources(template, "AWS::SQS::Queue").values():
        queue.pop("RedrivePolicy", None)


def with_a_shared_role(template: Template) -> None:
    function = first(template, "AWS::Lambda::Function")
    template["Resources"]["Second"] = {"Type": "AWS::Lambda::Function", "Properties": {"Role": function["Role"]}}


def with_a_direct_target(template: Template) -> None:
    first(template, "AWS::Events::Rule")["Targets"] = [{"Arn": {"Fn::GetAtt": ["Function", "Arn"]}}]


OTHER_BUS = "arn:aws:events:eu-west-1:111122223333:event-bus/default"
THIS_BUS = f"arn:aws:events:eu-west-1:111122223333:event-bus/{BUS}"
OTHER_SOURCE = {"StringEquals": {"events:source": "takeaway.promotions"}}

BROKEN: list[tuple[Callable[[Template], list[str]], Spoil]] = [
    (rules.exports_and_imports, lambda t: t["Outputs"].update(X={"Value": "x", "Export": {"Name": "x"}})),
    (rules.exports_and_imports, lambda t: grant(t, Action="sqs:SendMessage", Resource={"Fn::ImportValue": "x"})),
    (rules.exports_and_imports, lambda t: t["Parameters"].update(X={"Type": "AWS::SSM::Parameter::Value<String>"})),
    (rules.wildcard_actions, lambda t: grant(t, Action="dynamodb:*")),
    (rules.wildcard_actions, lambda t: grant(t, Action=["s3:Get*", "s3:PutObject"])),
    (rules.shared_roles, with_a_shared_role),
    (rules.unsafe_subscriptions, without_alarms),
    (rules.unsafe_subscriptions, without_dead_letters),
    (rules.unsafe_subscriptions, with_a_direct_target),
    (wrong_publishing, lambda t: grant(t, Action="events:PutEvents")),
    (wrong_publishing, lambda t: grant(t, Action="events:*", Resource=THIS_BUS)),
    (wrong_publishing, lambda t: grant(t, Action="events:PutEvents", Resource=OTHER_BUS)),
    (wrong_publishing, lambda t: grant(t, Action="events:PutEvents", Resource=THIS_BUS, Condition=OTHER_SOURCE)),
    (
        lambda t: rules.references(t, {"takeaway-dev-orders"}),
        lambda t: grant(t, Action="dynamodb:GetItem", Resource="arn:aws:dynamodb:::table/takeaway-dev-orders"),
    ),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "spoil"), BROKEN)
def test_a_broken_template_is_noticed(
    templates: dict[str, Template], rule: Callable[[Template], list[str]], spoil: Spoil
) -> None:
    spoilt = copy.deepcopy(templates["promotions"])
    assert rule(spoilt) == []
    spoil(spoilt)
    assert rule(spoilt) != []


@pytest.mark.parametrize("source", [[SOURCE], [{"prefix": "takeaway."}], [{"prefix": ""}], None])
def test_a_function_of_orders_on_its_own_events_would_be_noticed(templates: dict[str, Template], source: Any) -> None:
    spoilt = copy.deepcopy(templates["orders"])
    first(spoilt, "AWS::Events::Rule")["EventPattern"] = {"source": source} if source else {"detail-type": ["x"]}
    assert listens_to_orders(spoilt) != []
