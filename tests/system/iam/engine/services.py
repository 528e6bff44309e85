"""Checks of what services do for each other, all of which MiniStack allows.

A rule delivers to a queue whose policy lets this rule in. API Gateway calls a function whose policy lets it do so for
this method. A function's queue is read, and its log written, if its role allows it.
"""

from collections.abc import Callable
from typing import Any

from evaluation import arn, may  # type: ignore[import-not-found]
from ministack.core import iam_evaluator  # type: ignore[import-not-found]
from ministack.core.responses import get_account_id, get_region  # type: ignore[import-not-found]
from ministack.services import apigateway_v1, eventbridge, lambda_svc, sqs  # type: ignore[import-not-found]

from takeaway.run.engine.mending import put_around

POLLING = ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes")
LOGGING = ("logs:CreateLogStream", "logs:PutLogEvents")


def are_let_in() -> None:
    put_around(eventbridge, "_invoke_target", _delivering)
    put_around(apigateway_v1, "_call_lambda_raw", _calling)
    put_around(sqs, "_receive_messages_for_esm", _polling)
    put_around(lambda_svc, "_emit_lambda_logs", _logging)


def _delivering(invoke: Callable[..., Any], target: Any, event: Any, rule: Any, *rest: Any) -> Any:
    if not sqs.queue_policy_allows(target["Arn"], "events.amazonaws.com", rule["Arn"], get_account_id()):
        print(f"AccessDenied: {rule['Arn']} sends to {target['Arn']}", flush=True)
        return None
    return invoke(target, event, rule, *rest)


async def _calling(call: Callable[..., Any], function: str, event: Any, **owner: Any) -> Any:
    request = event["requestContext"]
    method = f"{request['apiId']}/{request['stage']}/{request['httpMethod']}{request['resourcePath']}"
    source = arn("execute-api", method)
    policy, _ = lambda_svc.function_policy_for_arn(function) or (None, None)
    context = iam_evaluator.EvalContext(
        principal_arn="*",
        principal_type="Service",
        principal_account="",
        action="lambda:InvokeFunction",
        resource_arn=function,
        region=get_region(),
        service_context={"aws:sourcearn": source, "aws:sourceaccount": get_account_id()},
    )
    allowed = iam_evaluator.evaluate_resource_policy(policy, context, service="apigateway.amazonaws.com")
    if allowed.decision != "Allow":
        return None, f"AccessDenied: {source} calls {function}"
    return await call(function, event, **owner)


def _polling(receive: Callable[..., Any], queue_url: str, batch_size: int) -> Any:
    queue = sqs._queues[queue_url]["attributes"]["QueueArn"]
    for mapping in lambda_svc._esms.values():
        if mapping["EventSourceArn"] == queue:
            role = lambda_svc._functions[mapping["FunctionName"]]["config"]["Role"]
            refused = [action for action in POLLING if not may(role, action, queue)]
            mapping["LastProcessingResult"] = f"PROBLEM: its role may not {refused}" if refused else "OK"
            if refused:
                return []
    return receive(queue_url, batch_size)


def _logging(emit: Callable[..., Any], function: Any, *rest: Any, **options: Any) -> None:
    config = function.get("config") or function
    group = (config.get("LoggingConfig") or {}).get("LogGroup") or f"/aws/lambda/{config['FunctionName']}"
    if all(may(config["Role"], action, arn("logs", f"log-group:{group}:*")) for action in LOGGING):
        emit(function, *rest, **options)
