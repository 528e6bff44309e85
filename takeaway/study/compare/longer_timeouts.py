"""Lengthen the timeouts of orders that are placed from now on, as a deployment with other parameters would."""

import json
from typing import Any

from shared.asl.graph import awaits_callback
from takeaway.errors import TakeawayError
from takeaway.run.client.failing import updated
from takeaway.study.compare.contender import Contender

LONGER = 600  # seconds; more than any deployment takes
TIMEOUTS = ("ACCEPT_TIMEOUT_SECONDS", "DELIVERY_TIMEOUT_SECONDS")  # variables of the durable function


def lengthen_timeouts(contender: Contender) -> None:
    """Let no deadline of a new order pass for ten minutes. The next deployment of orders has its own timeouts again."""
    if contender.in_code:
        _in_code(contender)
    elif contender.system.has_workflow:
        _in_the_definition(contender)


def _in_the_definition(contender: Contender) -> None:
    states, arn = contender.target.client("stepfunctions"), contender.system.stacks.output("orders", "StateMachineArn")
    definition: dict[str, Any] = json.loads(states.describe_state_machine(stateMachineArn=arn)["definition"])
    for state in definition["States"].values():
        if awaits_callback(state):
            state["TimeoutSeconds"] = LONGER
    states.update_state_machine(stateMachineArn=arn, definition=json.dumps(definition))


def _in_code(contender: Contender) -> None:
    """Publish a version of the durable function with other timeouts, which its alias names."""
    functions = contender.target.client("lambda")
    name, _, alias = contender.system.stacks.output("orders", "ProcessFunctionArn").rpartition(":")
    variables = functions.get_function_configuration(FunctionName=name)["Environment"]["Variables"]
    if missing := set(TIMEOUTS) - variables.keys():
        raise TakeawayError(f"{name} has no {' and no '.join(sorted(missing))}: its timeouts can't be changed.")
    variables |= dict.fromkeys(TIMEOUTS, str(LONGER))
    functions.update_function_configuration(FunctionName=name, Environment={"Variables": variables})
    updated(functions, name)
    version = functions.publish_version(FunctionName=name)["Version"]
    functions.update_alias(FunctionName=name, Name=alias, FunctionVersion=version)
