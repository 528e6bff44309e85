"""Violations that add processes beside the workflow, planted into the stack of orders."""

from typing import Any

from tests.between.architecture.planting import (
    BUS,
    FUNCTION,
    ORDER_WORKFLOW,
    OWN_SOURCE,
    PUT_EVENTS,
    QUEUE,
    ROLE,
    RULE,
    SOURCE,
    THIS_BUS,
    Planted,
    Spoil,
    Spoilt,
    permit,
)

EVENT_SOURCE, SUBSCRIPTION = "AWS::Lambda::EventSourceMapping", "AWS::SNS::Subscription"
PATTERNS: tuple[dict[str, Any], ...] = (
    {"source": [SOURCE]},
    {"source": [{"prefix": "takeaway."}]},
    {"source": [{"prefix": ""}]},
    {"source": [{"anything-but": ["takeaway.promotions"]}]},
    {"source": [{"wildcard": "*.orders"}]},
    {"source": [{"an-operator-of-tomorrow": 1}], "detail-type": ["order_placed"]},
    {"detail-type": ["order_placed"]},
    {"$or": [{"source": ["aws.s3"]}, {"source": [SOURCE]}]},
)


def listening(pattern: dict[str, Any]) -> Spoil:
    """Add a rule to the stack of orders; its target does not matter."""
    return lambda s: s.add("orders", RULE, EventBusName=BUS, EventPattern=pattern, Targets=[])


def api(s: Spoilt) -> dict[str, str]:
    return {"Ref": s.id_of("orders", FUNCTION, "Api")}


def run_by_a_stream(s: Spoilt) -> None:
    stream = s.got("orders", "AWS::DynamoDB::Table", attribute="StreamArn")
    s.add("orders", EVENT_SOURCE, EventSourceArn=stream, FunctionName=api(s))


def run_by_its_own_topic(s: Spoilt) -> None:
    redrive = dict(s.of("orders", QUEUE)[s.id_of("orders", QUEUE, "ClosingQueue")]["RedrivePolicy"])
    s.add("orders", QUEUE, QueueName=f"{BUS}-orders-more", RedrivePolicy=redrive)
    queue = s.got("orders", QUEUE, "Planted")
    s.add("orders", EVENT_SOURCE, EventSourceArn=queue, FunctionName=api(s))
    listen_to_the_topic(s, queue)


def listen_to_the_topic(s: Spoilt, queue: dict[str, Any]) -> None:
    topic = {"Ref": s.id_of("orders", "AWS::SNS::Topic")}
    s.add("orders", SUBSCRIPTION, TopicArn=topic, Protocol="sqs", Endpoint=queue)


def run_by_an_answer(s: Spoilt) -> None:
    destination = {"OnSuccess": {"Destination": s.got("orders", QUEUE)}}
    s.add("orders", "AWS::Lambda::EventInvokeConfig", FunctionName=api(s), DestinationConfig=destination)


def second_door(kind: str, of_the_function: str, **properties: Any) -> Spoil:
    """Add another caller of the step Accept order."""
    return lambda s: s.add(
        "orders", kind, **properties, **{of_the_function: s.got("orders", FUNCTION, "StepsAcceptOrder")}
    )


def run_by_the_closing_queue(s: Spoilt) -> None:
    queue, function = s.got("orders", QUEUE, "ClosingQueue"), {"Ref": s.id_of("orders", FUNCTION, "StepsFailOrder")}
    s.add("orders", EVENT_SOURCE, EventSourceArn=queue, FunctionName=function)


def called_by_the_api(s: Spoilt) -> None:
    step = s.got("orders", FUNCTION, "StepsRejectOrder")
    s.grant("orders", "Api", Action="lambda:InvokeFunction", Resource=step)


def a_second_workflow(s: Spoilt) -> None:
    definition = '{"StartAt": "Issue", "TimeoutSeconds": 60, "States": {"Issue": {"Type": "Succeed"}}}'
    role = s.got("promotions", ROLE)
    s.add("promotions", "AWS::StepFunctions::StateMachine", DefinitionString=definition, RoleArn=role)


def deployed_differs(s: Spoilt) -> None:
    s.files = {ORDER_WORKFLOW: {**s.workflow, "States": {**s.workflow["States"], "Order failed": {"Type": "Succeed"}}}}


PLANTED = [
    *(Planted("no-own-events", listening(pattern), "takes events of takeaway.orders") for pattern in PATTERNS),
    Planted("no-own-events", run_by_a_stream, "for every change of a table"),
    Planted("no-own-events", run_by_its_own_topic, "a topic of its own stack"),
    Planted("no-own-events", run_by_an_answer, "makes the next one run"),
    Planted(
        "steps-run-by-workflow",
        second_door("AWS::Lambda::Permission", "FunctionName", Principal="apigateway.amazonaws.com", SourceArn="x"),
        "function accept_order",
    ),
    Planted(
        "steps-run-by-workflow",
        second_door("AWS::Lambda::Url", "TargetFunctionArn"),
        "function accept_order",
        also=("closed-doors",),
    ),
    Planted(
        "steps-run-by-workflow",
        second_door("AWS::Lambda::TriggerOfTomorrow", "Runs"),
        "also run by AWS::Lambda::TriggerOfTomorrow",
    ),
    Planted("steps-run-by-workflow", run_by_the_closing_queue, "function fail_order"),
    Planted("steps-run-by-workflow", called_by_the_api, "the role of api"),
    Planted("workflow-publishes", permit("orders", PUT_EVENTS, THIS_BUS, OWN_SOURCE, role="Api"), "function api"),
    Planted(
        "workflow-publishes",
        lambda s: s.first("orders", RULE).update(EventPattern={"source": ["aws.dynamodb"]}),
        "function close_order",
        also=("workflow-moves-on",),
    ),
    Planted(
        "workflow-publishes",
        lambda s: listen_to_the_topic(s, s.got("orders", QUEUE, "ClosingQueue")),
        "function close_order",
        also=("workflow-moves-on", "no-own-events"),
    ),
    Planted("process-in-one-file", a_second_workflow, "no file of contexts/promotions/workflow"),
    Planted("process-in-one-file", deployed_differs, f"differs from {ORDER_WORKFLOW} in Order failed"),
    Planted(
        "process-in-one-file",
        lambda s: s.files.update({"contexts/promotions/workflow/idle.asl.json": {}}),
        "contexts/promotions/workflow/idle.asl.json",
    ),
]
