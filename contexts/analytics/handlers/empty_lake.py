"""Empties the lake when its stack is deleted, outside production, because CloudFormation deletes only empty buckets."""

from aws_lambda_powertools.utilities.data_classes import CloudFormationCustomResourceEvent, event_source
from aws_lambda_powertools.utilities.typing import LambdaContext

from contexts.analytics import bootstrap, custom_resource
from contexts.analytics.observability import logger


@event_source(data_class=CloudFormationCustomResourceEvent)
def handler(event: CloudFormationCustomResourceEvent, context: LambdaContext) -> None:
    logger().append_keys(function_request_id=context.aws_request_id)
    problem = ""
    try:
        if event.request_type == "Delete":
            lake = bootstrap.lake()
            while names := lake.names(""):
                lake.delete(names)
                logger().info("Lake emptied", objects=len(names))
    except Exception as error:  # noqa: BLE001 - without an answer CloudFormation would wait for an hour
        logger().exception("Lake not emptied")
        problem = f"{type(error).__name__}: {error} (see the log of {context.function_name})"
    custom_resource.answer(event, problem)
