"""The stack of orders: the real deadlines, the permissions of each function, and the protection of data."""

import json
from typing import Any

import pytest
from aws_cdk.assertions import Match, Template

from contexts.orders.infrastructure.parameters import OrdersParameters
from contexts.orders.infrastructure.workflow import DEFINITION
from contexts.orders.rehearsal.execution import BESIDE_THE_WORKFLOW
from contexts.orders.workflow.steps import STEPS
from shared.infrastructure.deployment import Deployment, InvalidParameter
from tests.orders.stacks import SENDER, parameters, template_of

PUBLISHES = {*STEPS, *BESIDE_THE_WORKFLOW}


@pytest.mark.parametrize("end", ["", "/", "/tenant", "/tenant/", "//", "/%2F"])
def test_the_issuer_and_the_audience_are_compared_as_they_are_given(end: str) -> None:
    given = {"oidcIssuer": f"https://Issuer.example.com{end}", "oidcAudience": f"https://api.example.com{end}"}
    chosen = OrdersParameters.from_context(given.get)
    assert (chosen.oidc_issuer, chosen.oidc_audience) == (given["oidcIssuer"], given["oidcAudience"])


def definition(template: Template) -> dict[str, Any]:
    [machine] = template.find_resources("AWS::StepFunctions::StateMachine").values()
    asl: dict[str, Any] = json.loads(machine["Properties"]["DefinitionString"])
    return asl


def functions(template: Template) -> dict[str, dict[str, Any]]:
    """Return the properties of each function, by handler."""
    found = template.find_resources("AWS::Lambda::Function").values()
    return {each["Properties"]["Handler"].split(".")[-2]: each["Properties"] for each in found}


def statements(template: Template, handler: str) -> list[dict[str, Any]]:
    role = functions(template)[handler]["Role"]["Fn::GetAtt"][0]
    policies = template.find_resources("AWS::IAM::Policy").values()
    return [
        statement
        for policy in policies
        if policy["Properties"]["Roles"] == [{"Ref": role}]
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]
    ]


def actions(template: Template, handler: str) -> set[str]:
    listed = [statement["Action"] for statement in statements(template, handler)]
    return {action for each in listed for action in (each if isinstance(each, list) else [each])}


def test_the_deadlines_are_those_that_customers_are_promised(template: Template) -> None:
    asl = definition(template)
    assert asl["States"]["Await restaurant decision"]["TimeoutSeconds"] == 10 * 60
    assert asl["States"]["Await completion"]["TimeoutSeconds"] == 90 * 60
    assert asl["TimeoutSeconds"] == 2 * 60 * 60


def test_the_file_has_the_same_deadlines_as_the_defaults_of_a_deployment() -> None:
    asl = json.loads(DEFINITION.read_text())
    states = asl["States"]
    assert asl["TimeoutSeconds"] == parameters().order_timeout
    assert states["Await restaurant decision"]["TimeoutSeconds"] == parameters().accept_timeout
    assert states["Await completion"]["TimeoutSeconds"] == parameters().delivery_timeout


def test_the_deadlines_are_parameters_of_a_deployment() -> None:
    quick = template_of(
        Deployment(dependencies="engine"), parameters(accept_timeout=3, delivery_timeout=5, order_timeout=60)
    )
    states = definition(quick)["States"]
    assert states["Await restaurant decision"]["TimeoutSeconds"] == 3
    assert states["Await completion"]["TimeoutSeconds"] == 5
    assert functions(quick)["notify_restaurant"]["Environment"]["Variables"]["ACCEPT_TIMEOUT_SECONDS"] == "3"


BEFORE_A_DECISION = {"Place order", "Notify restaurant", "Await restaurant decision"}


def test_a_step_after_a_decision_outlives_an_outage_of_minutes_and_no_deadline_of_the_order(template: Template) -> None:
    """Computed without jitter and with every try at its timeout; jitter halves the waits on average."""
    asl = definition(template)
    slack = asl["TimeoutSeconds"] - sum(
        asl["States"][wait]["TimeoutSeconds"] for wait in ("Await restaurant decision", "Await completion")
    )
    patient = {name: state for name, state in asl["States"].items() if "Retry" in state}
    for name in patient.keys() - BEFORE_A_DECISION:
        retrier = patient[name]["Retry"][-1]
        tries = retrier["MaxAttempts"]
        pauses = sum(min(retrier["BackoffRate"] ** number, retrier["MaxDelaySeconds"]) for number in range(tries))
        assert pauses / 2 > 4 * 60, name
        if name != "Await completion":
            assert pauses + (tries + 1) * patient[name]["TimeoutSeconds"] < slack, name
    for name in BEFORE_A_DECISION:  # fails soon, because nothing was promised to the customer yet
        assert patient[name]["Retry"][-1]["MaxAttempts"] == 5


def test_a_stage_may_lose_its_patience_sooner() -> None:
    hasty = template_of(Deployment(dependencies="engine"), parameters(most_retries=2))
    attempts = {
        each["MaxAttempts"] for state in definition(hasty)["States"].values() for each in state.get("Retry", ())
    }
    assert attempts == {0, 2}


def test_the_deadline_of_the_whole_order_stands_behind_those_of_the_states() -> None:
    with pytest.raises(InvalidParameter, match="orderTimeoutSeconds: expected more than"):
        parameters(accept_timeout=60, delivery_timeout=60, order_timeout=120)


def test_the_workflow_is_the_file(template: Template) -> None:
    assert definition(template) == json.loads(DEFINITION.read_text())


def test_every_placeholder_of_the_workflow_is_filled(template: Template) -> None:
    [machine] = template.find_resources("AWS::StepFunctions::StateMachine").values()
    filled = machine["Properties"]["DefinitionSubstitutions"]
    text = machine["Properties"]["DefinitionString"]
    retired = {step.name for step in STEPS.values() if step.retired}
    assert {part.split("}")[0] for part in text.split("${")[1:]} | retired == set(filled)


def test_only_steps_publish_and_only_under_the_source_of_orders(template: Template) -> None:
    may_publish = {handler for handler in functions(template) if "events:PutEvents" in actions(template, handler)}
    assert may_publish == PUBLISHES
    for handler in may_publish:
        [statement] = [each for each in statements(template, handler) if each["Action"] == "events:PutEvents"]
        assert statement["Condition"] == {"StringEquals": {"events:source": "takeaway.orders"}}
        assert "event-bus/takeaway-dev" in json.dumps(statement["Resource"])


@pytest.mark.parametrize(
    ("action", "handlers"),
    [
        ("ses:SendEmail", {"notify_user", "close_order"}),
        ("sns:Publish", {"notify_restaurant"}),
        ("dynamodb:PutItem", {"api"}),
        ("states:StartExecution", {"api"}),
        ("states:SendTaskSuccess", {"api"}),
        ("sqs:ReceiveMessage", {"close_order"}),
        ("sqs:SendMessage", {"reconcile_orders"}),
        ("states:ListExecutions", {"reconcile_orders"}),
    ],
)
def test_a_function_may_do_what_its_step_needs_and_no_more(template: Template, action: str, handlers: set[str]) -> None:
    assert {handler for handler in functions(template) if action in actions(template, handler)} == handlers


def test_a_mail_is_sent_from_the_one_sender(template: Template) -> None:
    for handler in ("notify_user", "close_order"):
        statement, _ = [each for each in statements(template, handler) if each["Action"] == "ses:SendEmail"]
        assert "identity/*" in json.dumps(statement["Resource"])
        assert statement["Condition"] == {"StringEquals": {"ses:FromAddress": SENDER}}


def test_a_mail_is_sent_through_the_configuration_set_of_orders_where_an_engine_has_some(template: Template) -> None:
    without = template_of(Deployment(dependencies="engine"), parameters(mail_events=False))
    for handler in ("notify_user", "close_order"):
        _, through = [each for each in statements(template, handler) if each["Action"] == "ses:SendEmail"]
        assert "configuration-set/takeaway-dev-orders" in json.dumps(through["Resource"])
        assert "CONFIGURATION_SET" in functions(template)[handler]["Environment"]["Variables"]
        assert "CONFIGURATION_SET" not in functions(without)[handler]["Environment"]["Variables"]
        assert len([each for each in statements(without, handler) if each["Action"] == "ses:SendEmail"]) == 1
    assert not without.find_resources("AWS::SES::ConfigurationSet")


def test_drafts_expire_by_themselves(template: Template) -> None:
    template.has_resource_properties(
        "AWS::DynamoDB::Table", {"TimeToLiveSpecification": {"AttributeName": "expires_at", "Enabled": True}}
    )


def test_an_execution_that_ends_from_outside_is_noticed_and_its_notice_not_lost(template: Template) -> None:
    template.has_resource_properties(
        "AWS::Events::Rule",
        {
            "EventBusName": Match.absent(),  # these events come to the default bus
            "EventPattern": {
                "source": ["aws.states"],
                "detail": {"status": ["FAILED", "TIMED_OUT", "ABORTED"], "stateMachineArn": Match.any_value()},
            },
            "Targets": [Match.object_like({"DeadLetterConfig": Match.any_value()})],
        },
    )
    template.has_resource_properties(
        "AWS::SQS::Queue", {"RedrivePolicy": {"maxReceiveCount": 5, "deadLetterTargetArn": Match.any_value()}}
    )


def test_an_end_that_nobody_hears_of_is_looked_for_every_quarter_of_an_hour(template: Template) -> None:
    template.has_resource_properties(
        "AWS::Scheduler::Schedule",
        {"Name": "takeaway-dev-orders-reconcile-orders", "ScheduleExpression": "rate(15 minutes)", "State": "ENABLED"},
    )


def test_every_queue_is_encrypted_and_keeps_what_it_has_for_a_week_at_least(template: Template) -> None:
    for queue in template.find_resources("AWS::SQS::Queue").values():
        assert queue["Properties"]["SqsManagedSseEnabled"] is True
        assert queue["Properties"]["MessageRetentionPeriod"] >= 7 * 24 * 3600


def test_production_keeps_its_orders_and_any_other_stage_leaves_nothing_behind(template: Template) -> None:
    template.has_resource("AWS::DynamoDB::Table", {"DeletionPolicy": "Delete"})
    production = template_of(Deployment(stage="prod", dependencies="engine"), parameters())
    production.has_resource("AWS::DynamoDB::Table", {"DeletionPolicy": "RetainExceptOnCreate"})
    production.has_resource_properties(
        "AWS::DynamoDB::Table",
        {
            "DeletionProtectionEnabled": True,
            "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True},
        },
    )


def test_what_the_gateway_refuses_is_a_problem_with_its_status_and_says_when_to_try_again(template: Template) -> None:
    answers = template.find_resources("AWS::ApiGateway::GatewayResponse").values()
    assert len(answers) > 10
    for each in (answer["Properties"] for answer in answers):
        body = json.loads(each["ResponseTemplates"]["application/problem+json"])
        assert str(body["status"]) == each["StatusCode"]
        assert "$context" not in json.dumps(each)  # API Gateway's messages may quote the Authorization header
        soon = {"gatewayresponse.header.Retry-After": "'1'"} if body["status"] in (429, 500, 504) else {}
        assert each.get("ResponseParameters", {}) == soon
    # a default response would give its status to all errors
    assert not {each["Properties"]["ResponseType"] for each in answers} & {"DEFAULT_4XX", "DEFAULT_5XX"}


def test_the_access_log_has_no_text_of_the_gateway(template: Template) -> None:
    template.has_resource_properties(
        "AWS::ApiGateway::Stage",
        {"AccessLogSetting": Match.object_like({"Format": Match.not_(Match.string_like_regexp(r"error\.message"))})},
    )


def test_the_gateway_limits_how_much_comes_in(template: Template) -> None:
    template.has_resource_properties(
        "AWS::ApiGateway::Stage",
        {"MethodSettings": [Match.object_like({"ThrottlingRateLimit": 200, "ThrottlingBurstLimit": 400})]},
    )
