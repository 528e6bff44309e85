"""Workflows that wait for ever, fail unseen, call others or leak tokens, planted into file and stack alike."""

import copy
from typing import Any

from tests.between.architecture.planting import Planted, Spoil, Spoilt, arn

LOOP = {"Type": "Pass", "Next": "Place order"}
TOKEN = "$$.Task.Token"
OTHER_TEAM = arn("lambda", "function:takeaway-dev-promotions-issue-voucher")
SOUND = "Accept order"


def without(state: str, field: str) -> Spoil:
    return lambda s: s.state(state).pop(field)


def given(state: str, **fields: Any) -> Spoil:
    return lambda s: s.state(state).update(fields)


def retrying(**fields: Any) -> Spoil:
    """Change the last Retry of a sound state; None removes a field."""

    def spoil(s: Spoilt) -> None:
        retrier = s.state(SOUND)["Retry"][-1]
        retrier.update(fields)
        for name in [name for name, value in fields.items() if value is None]:
            del retrier[name]

    return spoil


def one_more_task(resource: str, **parameters: Any) -> Spoil:
    """Add a task after Accept order, as sound as that one, which uses another resource."""

    def spoil(s: Spoilt) -> None:
        more = copy.deepcopy(s.state(SOUND)) | {"Resource": resource, "Parameters": parameters}
        s.workflow["States"]["One more"] = more
        s.state(SOUND)["Next"] = "One more"

    return spoil


def handed_over(state: str, value: str) -> Spoil:
    return lambda s: s.state(state)["Parameters"]["Payload"].update({"more.$": value})


def renamed(s: Spoilt) -> None:
    states = s.workflow["States"]
    states["Take order"] = states.pop(SOUND)
    s.state("Decision?")["Choices"][0]["Next"] = "Take order"


def run_by_another_function(s: Spoilt) -> None:
    s.state("Notify user of failure")["Parameters"]["FunctionName"] = "${skip_notification}"


def a_handler_that_nobody_runs(s: Spoilt) -> None:
    s.remove("orders", "AWS::ApiGateway::Method")
    s.remove("orders", "AWS::Lambda::Permission")


ENDS = [
    Planted("tasks-time-out", without(SOUND, "TimeoutSeconds"), SOUND),
    Planted("tasks-time-out", given(SOUND, TimeoutSeconds="${timeout}"), SOUND),
    Planted(
        "waits-way-out", lambda s: s.state("Await completion")["Catch"].pop(1), "Await completion", also=("states-end",)
    ),
    Planted(
        "waits-way-out",
        lambda s: s.state("Await completion")["Catch"][1].update(Next="Fail order"),
        "Await completion",
        also=("states-end",),
    ),
    Planted("deadline-last", lambda s: s.workflow.pop("TimeoutSeconds"), "has no TimeoutSeconds"),
    Planted("deadline-last", lambda s: s.workflow.update(TimeoutSeconds=6000), "ends after 6000 s"),
    Planted("states-end", lambda s: s.workflow["States"].update(Lost=LOOP), "state Lost: can't be reached"),
    Planted("states-end", given("Order closed", Type="Pass", Next="Order closed"), "Order closed: leads to no end"),
    Planted("states-end", given("Order closed", Type="Pass", Next="Skip notification"), "without waiting for anybody"),
]

TASKS = [
    Planted("tasks-retry", without(SOUND, "Retry"), SOUND),
    Planted("tasks-retry", retrying(JitterStrategy=None), SOUND),
    Planted("tasks-retry", retrying(MaxDelaySeconds=None), SOUND),
    Planted("tasks-retry", retrying(BackoffRate=1), SOUND),
    Planted("tasks-retry", retrying(MaxAttempts=99999), "retries without a bound"),
    Planted("tasks-retry", retrying(ErrorEquals=["States.TaskFailed", "States.Timeout", "KeyError"]), "KeyError"),
    Planted("tasks-catch", without("Notify user", "Catch"), "Notify user"),
    Planted("tasks-catch", lambda s: s.state("Await completion")["Catch"].pop(), "Await completion"),
]

DATA = [
    Planted("ids-only", lambda s: s.state(SOUND)["Parameters"].update({"Payload.$": "$"}, Payload=None), "hands over"),
    Planted("ids-only", handed_over(SOUND, "$.customer"), "hands over"),
    Planted("ids-only", lambda s: s.state(SOUND)["Parameters"]["Payload"].update({"order_id.$": "$"}), "hands over"),
    Planted("ids-only", without(SOUND, "ResultPath"), "keeps all that its function answers"),
    Planted("one-name", renamed, "state Take order: runs accept_order"),
    Planted("one-name", run_by_another_function, "Notify user of failure: runs skip_notification"),
    Planted("one-name", a_handler_that_nobody_runs, "handlers/api.py: is no step, and nothing else runs it"),
]

INSIDE = [
    Planted(
        "workflow-stays-inside",
        one_more_task("arn:aws:states:::lambda:invoke", FunctionName=OTHER_TEAM, Payload={"order_id.$": "$.order_id"}),
        "takeaway-dev-promotions-issue-voucher",
    ),
    Planted(
        "workflow-stays-inside",
        one_more_task("arn:aws:states:::sqs:sendMessage", QueueUrl="${somebodys_queue}"),
        "QueueUrl is None",
    ),
    Planted("workflow-stays-inside", one_more_task(OTHER_TEAM), "which is nothing of this stack"),
    Planted("workflow-stays-inside", one_more_task("arn:aws:states:::http:invoke"), "calls an API"),
    Planted(
        "own-source",
        one_more_task("arn:aws:states:::events:putEvents", Entries=[{"Source": "takeaway.promotions"}]),
        "puts events as takeaway.promotions",
    ),
]

KEEPS_IT = {"Type": "Pass", "Parameters": {"token.$": TOKEN}, "Next": "Notify user"}

TOKENS = [
    Planted("token-only-stored", handed_over(SOUND, TOKEN), SOUND, also=("ids-only",)),
    Planted("token-only-stored", handed_over(SOUND, "$$"), SOUND, also=("ids-only",)),
    Planted("token-only-stored", handed_over(SOUND, f"States.Format('{{}}', {TOKEN})"), SOUND, also=("ids-only",)),
    Planted("token-only-stored", one_more_task("arn:aws:states:::sns:publish", **{"Message.$": TOKEN}), "One more"),
    Planted(
        "token-only-stored",
        lambda s: s.state("Await completion").update(ResultPath="$.outcome", ResultSelector={"token.$": TOKEN}),
        "Await completion",
    ),
    Planted(
        "token-only-stored",
        lambda s: s.state("Read decision")["Parameters"].pop("ProjectionExpression"),
        "Read decision",
    ),
    Planted(
        "token-only-stored",
        lambda s: (s.workflow["States"].update(Keep=KEEPS_IT), s.state(SOUND).update(Next="Keep")),
        "state Keep: puts the task token into the workflow's data",
    ),
    Planted(
        "token-in-no-contract",
        lambda s: s.add("orders", "AWS::SSM::Parameter", Name="x", Value=f"<{TOKEN}>"),
        "is given a task token",
    ),
]

PLANTED = [*ENDS, *TASKS, *DATA, *INSIDE, *TOKENS]
