"""The four systems differ in the stack of orders alone, and each such stack can be deployed over another."""

import json
from typing import Any

import pytest
from aws_cdk import Stack
from aws_cdk.assertions import Match, Template

from contexts.analytics.infrastructure.stack import AnalyticsStack
from contexts.orders.infrastructure.parameters import OrdersParameters
from contexts.promotions.infrastructure.stack import PromotionsStack
from examples.orchestrated_everything.infrastructure.neighbours import FUNCTIONS
from examples.systems import SYSTEMS, orders_of
from shared.infrastructure.bundle_contents import REPOSITORY
from shared.infrastructure.deployment import Deployment, InvalidParameter
from takeaway.check.templates.stack import NAMES as NAMED
from takeaway.wiring import Wiring
from tests.fakes.templates import allowed_actions, bare_app

EXAMPLES = ("durable", "choreographed", "orchestrated")
DEPLOYMENT = Deployment(dependencies="engine")
LISTENS = ("sqs:", "xray:")
COMMON = {"ApiId", "ApiStage", "ApiUrl", "OrdersTable", "RestaurantsTopicArn"}
NAMES = (*NAMED, "Name", "AlarmName", "DashboardName")  # properties with a name that is unique in an account


def parameters(**changes: Any) -> OrdersParameters:
    return OrdersParameters(
        oidc_issuer="https://issuer.example.com", oidc_audience="takeaway-api", sender="orders@example.com", **changes
    )


def template_of(system: str) -> Template:
    return Template.from_stack(SYSTEMS[system].add_to(bare_app(dependencies="engine")))


@pytest.fixture(scope="module")
def templates() -> dict[str, Template]:
    return {system: template_of(system) for system in SYSTEMS}


def actions_of(template: Template) -> set[str]:
    return set().union(*allowed_actions(template).values())


def handlers(template: Template) -> dict[str, str]:
    """Return the handler of each function, as Lambda finds it."""
    found = template.find_resources("AWS::Lambda::Function").values()
    return {each["Properties"]["FunctionName"]: each["Properties"]["Handler"] for each in found}


def named(template: Template) -> dict[tuple[str, str], str]:
    """Return the logical id of each resource that has a name of its own, by type and name."""
    return {
        (resource["Type"], resource["Properties"][key]): id_
        for id_, resource in template.to_json()["Resources"].items()
        for key in NAMES
        if isinstance(resource.get("Properties", {}).get(key), str)
    }


def test_the_systems_are_those_that_the_command_line_offers() -> None:
    assert list(SYSTEMS) == list(Wiring)
    assert {wiring: REPOSITORY / wiring.orders for wiring in Wiring} == {
        Wiring(name): context.folder for name, context in SYSTEMS.items()
    }


def test_an_unknown_system_is_named_with_those_that_there_are() -> None:
    with pytest.raises(InvalidParameter, match="system: expected one of hybrid, durable, choreographed, orchestrated"):
        orders_of({"system": "both"}.get)


@pytest.mark.parametrize("system", EXAMPLES)
def test_what_has_the_same_name_in_two_systems_is_the_same_resource(
    templates: dict[str, Template], system: str
) -> None:
    """Otherwise CloudFormation would make the second before it deletes the first, and find the name taken."""
    for other in SYSTEMS:
        ours, theirs = named(templates[system]), named(templates[other])
        assert ours.keys() & theirs.keys()
        assert {key: ours[key] for key in ours.keys() & theirs.keys()} == {
            key: theirs[key] for key in ours.keys() & theirs.keys()
        }


@pytest.mark.parametrize("system", SYSTEMS)
def test_a_stack_of_orders_has_the_outputs_that_everybody_looks_for(
    templates: dict[str, Template], system: str
) -> None:
    outputs = templates[system].to_json()["Outputs"]
    assert set(outputs) >= COMMON
    assert ("StateMachineArn" in outputs) == (system in ("hybrid", "orchestrated"))
    assert outputs.get("System", {"Value": "hybrid"})["Value"] == system


@pytest.mark.parametrize("system", EXAMPLES)
def test_the_table_and_the_calls_of_the_api_are_the_same(templates: dict[str, Template], system: str) -> None:
    for kind, fields in {
        "AWS::DynamoDB::Table": ("KeySchema", "GlobalSecondaryIndexes", "TimeToLiveSpecification"),
        "AWS::ApiGateway::Resource": ("PathPart",),
        "AWS::ApiGateway::Method": ("HttpMethod", "ResourceId"),
    }.items():
        same = [
            {
                id_: {field: resource["Properties"].get(field) for field in fields}
                for id_, resource in templates[each].find_resources(kind).items()
            }
            for each in ("hybrid", system)
        ]
        assert same[0] == same[1]


def test_a_choreographed_function_is_called_or_triggered_and_none_is_both(templates: dict[str, Template]) -> None:
    template = templates["choreographed"]
    resources = template.to_json()["Resources"]

    def name_of(id_: str) -> str:
        return str(resources[id_]["Properties"]["FunctionName"]).removeprefix("takeaway-dev-orders-")

    called = {
        name_of(part["Fn::GetAtt"][0])
        for method in template.find_resources("AWS::ApiGateway::Method").values()
        for part in method["Properties"]["Integration"]["Uri"]["Fn::Join"][1]
        if isinstance(part, dict) and "Fn::GetAtt" in part
    }
    triggered = {
        name_of(mapping["Properties"]["FunctionName"]["Ref"])
        for mapping in template.find_resources("AWS::Lambda::EventSourceMapping").values()
    }
    assert called == {"place-order", "accept-order", "reject-order", "cancel-order", "complete-order", "api"}
    assert triggered == {"notify-restaurant", "notify-user"}
    assert len(handlers(template)) == len(called) + len(triggered)


def test_in_a_choreographed_system_nothing_waits_for_anything(templates: dict[str, Template]) -> None:
    template = templates["choreographed"]
    for kind in ("AWS::StepFunctions::StateMachine", "AWS::Scheduler::Schedule"):
        template.resource_count_is(kind, 0)
    for rule in template.find_resources("AWS::Events::Rule").values():
        assert "ScheduleExpression" not in rule["Properties"]


def test_choreographed_functions_may_do_what_they_do_and_no_more(templates: dict[str, Template]) -> None:
    """The other rules are checked in tests/between/architecture/test_systems.py."""
    assert {action for action in actions_of(templates["choreographed"]) if not action.startswith(LISTENS)} == {
        "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query", "dynamodb:UpdateItem", "events:PutEvents",
        "logs:CreateLogStream", "logs:PutLogEvents", "ses:SendEmail", "sns:Publish",
    }  # fmt: skip


def test_a_step_that_reacts_gives_up_after_five_tries(templates: dict[str, Template]) -> None:
    for step in ("notify-restaurant", "notify-user"):
        templates["choreographed"].has_resource_properties(
            "AWS::SQS::Queue",
            {"QueueName": f"takeaway-dev-orders-{step}", "RedrivePolicy": Match.object_like({"maxReceiveCount": 5})},
        )


def test_who_orchestrates_everything_publishes_nothing(templates: dict[str, Template]) -> None:
    assert "events:PutEvents" not in actions_of(templates["orchestrated"])
    assert "event-bus" not in json.dumps(templates["orchestrated"].to_json())


def test_who_orchestrates_everything_may_invoke_functions_that_are_there(templates: dict[str, Template]) -> None:
    """Nothing but this test would notice that a neighbour renamed its own function."""
    neighbours: list[Stack] = [
        PromotionsStack(bare_app(), "promotions", deployment=DEPLOYMENT, sender="me@example.com"),
        AnalyticsStack(bare_app(), "analytics", deployment=DEPLOYMENT),
    ]
    there = set().union(*(handlers(Template.from_stack(stack)) for stack in neighbours))
    wanted = {f"takeaway-dev-{name}" for name in FUNCTIONS.values()}
    assert wanted <= there
    allowed = allowed_actions(templates["orchestrated"])
    for name in wanted:
        assert [actions for resource, actions in allowed.items() if name in resource] == [{"lambda:InvokeFunction"}]


@pytest.mark.parametrize("system", EXAMPLES)
def test_the_functions_have_the_handlers_of_the_example(templates: dict[str, Template], system: str) -> None:
    package = ".".join(SYSTEMS[system].folder.relative_to(REPOSITORY).parts)
    found = handlers(templates[system])
    own = {name for name, handler in found.items() if handler.startswith(f"{package}.handlers.")}
    # functions of orders itself, which only start and wake a workflow, or look for ended ones
    assert found.keys() - own <= {"takeaway-dev-orders-api", "takeaway-dev-orders-reconcile-orders"}


def test_a_version_of_the_durable_function_outlives_the_next_one_because_open_orders_go_on_with_it(
    templates: dict[str, Template],
) -> None:
    templates["durable"].all_resources(
        "AWS::Lambda::Version", {"DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain"}
    )
    templates["durable"].resource_count_is("AWS::Lambda::Version", 1)
