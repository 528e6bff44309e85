"""Shared roles, open doors and wildcards, planted into the stacks."""

from typing import Any

from tests.between.architecture.planting import FUNCTION, ROLE, Planted, Spoil, Spoilt, arn, permit

SOMEBODY = {"AWS": "111122223333"}
EVENTBRIDGE = {"Service": "events.amazonaws.com"}
ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess"


def open_door(kind: str, principal: Any) -> Spoil:
    """Let a principal in by the first policy of this kind in the stack of orders."""
    allowed = {"Effect": "Allow", "Action": "x", "Principal": principal, "Resource": "*"}
    return lambda s: s.first("orders", kind)["PolicyDocument"]["Statement"].append(allowed)


def shared(s: Spoilt) -> None:
    handler = "contexts.promotions.handlers.second.handler"
    s.add("promotions", FUNCTION, Handler=handler, Role=s.got("promotions", ROLE))


def taken_by_somebody(s: Spoilt) -> None:
    trusted = s.first("promotions", ROLE)["AssumeRolePolicyDocument"]["Statement"]
    trusted.append({"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": SOMEBODY})


def open_table(s: Spoilt) -> None:
    document = {"Statement": {"Effect": "Allow", "Principal": SOMEBODY}}
    s.first("promotions", "AWS::DynamoDB::Table")["ResourcePolicy"] = {"PolicyDocument": document}


def open_function(kind: str, **properties: Any) -> Spoil:
    return lambda s: s.add("promotions", kind, FunctionName=s.got("promotions", FUNCTION), **properties)


def on_its_table(*actions: str) -> Spoil:
    return lambda s: s.grant("promotions", Action=list(actions), Resource=s.got("promotions", "AWS::DynamoDB::Table"))


def all_but_one(s: Spoilt) -> None:
    s.grant("promotions", NotAction="iam:*", Resource=s.got("promotions", "AWS::DynamoDB::Table"))


def on_everything_of_mixed_kinds(s: Spoilt) -> None:
    s.grant("promotions", Action=["xray:PutTraceSegments", "logs:PutLogEvents"], Resource=["*"])


def administrating(s: Spoilt) -> None:
    s.first("promotions", ROLE)["ManagedPolicyArns"] = [ADMINISTRATOR]


PLANTED = [
    Planted("own-roles", shared, "is shared by issue_voucher and second"),
    Planted(
        "own-roles",
        lambda s: s.first("promotions", FUNCTION).update(Role=arn("iam", "role/everybody")),
        "which is no role of this stack",
    ),
    Planted("own-roles", taken_by_somebody, "can be taken by AWS 111122223333"),
    Planted("own-roles", permit("promotions", "sts:AssumeRole", arn("iam", "role/x")), "lends it another role"),
    Planted("closed-doors", open_door("AWS::SQS::QueuePolicy", "*"), "lets AWS * in"),
    Planted("closed-doors", open_door("AWS::SQS::QueuePolicy", SOMEBODY), "lets AWS 111122223333 in"),
    Planted("closed-doors", open_door("AWS::SNS::TopicPolicy", EVENTBRIDGE), "for whomever it acts"),
    Planted("closed-doors", open_table, "lets AWS 111122223333 in"),
    Planted("closed-doors", open_function("AWS::Lambda::Permission", Principal="111122223333"), "invoke a function"),
    Planted("closed-doors", open_function("AWS::Lambda::Url", AuthType="NONE"), "callable by its URL (NONE)"),
    Planted("no-wildcards", on_its_table("dynamodb:*"), "may do dynamodb:*"),
    Planted("no-wildcards", on_its_table("dynamodb:Get*", "dynamodb:PutItem"), "may do dynamodb:Get*"),
    Planted("no-wildcards", all_but_one, "may do *", also=("own-source", "own-roles")),
    Planted("named-resources", permit("promotions", "ses:SendEmail", "*"), "may do ses:SendEmail on everything"),
    Planted("named-resources", on_everything_of_mixed_kinds, "may do logs:PutLogEvents on everything"),
    Planted("no-wildcards", administrating, f"has {ADMINISTRATOR}, whatever is in it"),
]
