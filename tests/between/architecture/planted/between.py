"""Violations that couple contexts, planted into their stacks."""

from typing import Any

from tests.between.architecture.planting import (
    BUS,
    FUNCTION,
    OTHER_BUS,
    OTHER_SOURCE,
    OWN_SOURCE,
    PUT_EVENTS,
    THIS_BUS,
    Planted,
    Spoil,
    Spoilt,
    arn,
    permit,
)

API = "https://a1b2c3.execute-api.eu-west-1.amazonaws.com/api"
ORDERS_TABLE = f"arn:aws:dynamodb:::table/{BUS}-orders"


def variable(stack: str, value: Any) -> Spoil:
    """Give the first function of a stack an environment variable with this value."""
    return lambda s: s.first(stack, FUNCTION)["Environment"]["Variables"].update(TOLD=value)


def output(stack: str, **said: Any) -> Spoil:
    return lambda s: s.templates[stack]["Outputs"].update(Said={"Value": "x", **said})


def parameter(stack: str, kind: str) -> Spoil:
    return lambda s: s.templates[stack]["Parameters"].update(Asked={"Type": kind})


def of_another_team(s: Spoilt) -> None:
    s.first("promotions", FUNCTION)["Handler"] = "contexts.orders.handlers.api.handler"


def of_no_team(s: Spoilt) -> None:
    s.templates["shipping"] = {"Resources": {"Table": {"Type": "AWS::DynamoDB::Table", "Properties": {}}}}


def all_topics_but_one(s: Spoilt) -> None:
    s.grant("promotions", Action="sns:Publish", NotResource="arn:aws:sns:::not-this-one")
    del s.policy_of("promotions")["Statement"][-1]["Resource"]


STACKS = [
    Planted("one-stack-each", lambda s: s.templates.pop("analytics"), "contexts/analytics"),
    Planted("one-stack-each", of_another_team, "runs code of contexts.orders"),
    Planted("one-stack-each", of_no_team, "shipping"),
    Planted("no-stack-couplings", output("promotions", Export={"Name": "vouchers"}), "exports Said"),
    Planted("no-stack-couplings", permit("promotions", "sqs:SendMessage", {"Fn::ImportValue": "queue"}), "imports"),
    Planted("no-stack-couplings", parameter("promotions", "AWS::SSM::Parameter::Value<String>"), "by Asked"),
    Planted("no-stack-couplings", variable("promotions", "{{resolve:ssm:/orders/url}}"), "resolves /orders/url"),
    Planted(
        "no-stack-couplings",
        lambda s: s.add("analytics", "AWS::CloudFormation::Stack", TemplateURL="x"),
        "reads or holds another stack",
    ),
]

NAMES = [
    Planted("no-foreign-names", variable("promotions", f"{BUS}-orders"), "which orders owns"),
    Planted("no-foreign-names", variable("orders", {"Fn::Sub": f"${{AWS::Region}}/{BUS}-vouchers"}), "promotions owns"),
    Planted("no-foreign-names", variable("orders", f"{BUS}-analytics-lake5f1b88ea-x1"), "which analytics owns"),
    Planted("no-foreign-names", output("analytics", Value=f"{BUS}-promotions-issue-voucher"), "Outputs"),
    Planted("no-foreign-names", variable("console", f"{BUS}-restaurants"), "which orders owns"),
]

PERMISSIONS = [
    Planted("no-foreign-permissions", permit("promotions", "dynamodb:GetItem", ORDERS_TABLE), "of orders"),
    Planted(
        "no-foreign-permissions",
        permit("promotions", "dynamodb:Query", arn("dynamodb", f"table/{BUS}-*/index/*")),
        "table/takeaway-dev-journal of console",
    ),
    Planted(
        "no-foreign-permissions", permit("promotions", "sqs:SendMessage"), "of analytics", also=("named-resources",)
    ),
    Planted(
        "no-foreign-permissions",
        permit("promotions", "states:StartExecution"),
        "stateMachine:",
        also=("named-resources",),
    ),
    Planted(
        "no-foreign-permissions", permit("promotions", "states:SendTaskSuccess"), "of orders", also=("named-resources",)
    ),
    Planted(
        "no-foreign-permissions",
        permit("orders", "lambda:InvokeFunction", arn("lambda", "function:*")),
        "function:takeaway-dev-analytics-",
    ),
    Planted("no-foreign-permissions", permit("console", "sns:Publish", arn("sns", f"{BUS}-restaurants")), "of orders"),
    Planted("no-foreign-permissions", permit("orders", "s3:GetObject", f"arn:aws:s3:::{BUS}-*/raw/*"), "of analytics"),
    Planted("no-foreign-permissions", permit("analytics", "ssm:GetParameter", arn("ssm", "parameter/x")), "of its own"),
    Planted("no-foreign-permissions", all_topics_but_one, "of orders", also=("named-resources",)),
]

CALLS = [
    Planted("no-calls", permit("promotions", "execute-api:Invoke", arn("execute-api", "a1b2c3/*")), "calls an API"),
    Planted("no-calls", variable("promotions", API), "variable TOLD of issue_voucher"),
    Planted("no-calls", output("analytics", Value=API), "output Said"),
    Planted(
        "no-calls",
        lambda s: s.add("promotions", "AWS::Events::ApiDestination", InvocationEndpoint="https://x"),
        "events that turn into calls",
    ),
]

PUBLISHING = [
    Planted("own-source", permit("promotions", PUT_EVENTS), "publishes nothing", also=("named-resources",)),
    Planted("own-source", permit("promotions", "events:*", THIS_BUS), "publishes nothing", also=("no-wildcards",)),
    Planted("own-source", permit("promotions", PUT_EVENTS, OTHER_BUS), "role of issue_voucher"),
    Planted("own-source", permit("promotions", PUT_EVENTS, THIS_BUS, OTHER_SOURCE), "role of issue_voucher"),
    Planted("own-source", permit("orders", PUT_EVENTS, THIS_BUS), "not limited to events:source takeaway.orders"),
    Planted("own-source", permit("orders", PUT_EVENTS, THIS_BUS, OTHER_SOURCE), "not limited to events:source"),
    Planted("own-source", permit("orders", PUT_EVENTS, OTHER_BUS, OWN_SOURCE), "not only the shared bus"),
]

PLANTED = [*STACKS, *NAMES, *PERMISSIONS, *CALLS, *PUBLISHING]
