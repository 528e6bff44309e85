"""Linked traces from the API to the neighbours: every part of the chain traces, and may send to X-Ray.

The parts between them need no switch: EventBridge hands the trace on to its targets, SQS keeps it with a message
(AWSTraceHeader), and Lambda continues it. SNS does too; a topic that traces for itself would need a resource policy of
X-Ray, of which an account may have five.
"""

import copy
import json
from typing import Any

from tests.between.infrastructure.conftest import Resources

TELLS = {"xray:PutTraceSegments", "xray:PutTelemetryRecords"}


def broken(resources: Resources) -> set[str]:
    """Return the logical ids of resources that do not trace, or may not send to X-Ray."""
    found = set()
    for name, resource in resources.items():
        of = resource.get("Properties", {})
        match resource["Type"]:
            case "AWS::Lambda::Function":
                is_on = of.get("TracingConfig") == {"Mode": "Active"} and tells(resources, of["Role"])
            case "AWS::StepFunctions::StateMachine":
                is_on = of.get("TracingConfiguration") == {"Enabled": True} and tells(resources, of["RoleArn"])
            case "AWS::ApiGateway::Stage":
                is_on = of.get("TracingEnabled") is True
            case _:
                continue
        if not is_on:
            found.add(name)
    return found


def tells(resources: Resources, role: Any) -> bool:
    """Tell whether a role may send to X-Ray, whose actions have no resources."""
    name = role["Fn::GetAtt"][0]
    allowed: set[str] = set()
    for resource in resources.values():
        if resource["Type"] == "AWS::IAM::Policy" and {"Ref": name} in resource["Properties"]["Roles"]:
            for statement in resource["Properties"]["PolicyDocument"]["Statement"]:
                if statement["Resource"] == "*":
                    allowed |= {statement["Action"]} if isinstance(statement["Action"], str) else {*statement["Action"]}
    return allowed >= TELLS


def test_whatever_works_on_an_order_traces_and_may_say_so(stacks: dict[str, Resources]) -> None:
    assert {name: found for name, resources in stacks.items() if (found := broken(resources))} == {}


def test_the_chain_goes_from_the_api_over_the_workflow_to_every_neighbour(stacks: dict[str, Resources]) -> None:
    types = {name: {each["Type"] for each in resources.values()} for name, resources in stacks.items()}
    assert types["orders"] >= {"AWS::ApiGateway::Stage", "AWS::StepFunctions::StateMachine", "AWS::Lambda::Function"}
    assert {"promotions", "analytics", "console"} <= {name for name in types if "AWS::Lambda::Function" in types[name]}


def test_a_link_that_is_off_would_be_noticed(stacks: dict[str, Resources]) -> None:
    for kind, switch in {
        "AWS::Lambda::Function": "TracingConfig",
        "AWS::StepFunctions::StateMachine": "TracingConfiguration",
        "AWS::ApiGateway::Stage": "TracingEnabled",
    }.items():
        spoilt = copy.deepcopy(stacks["orders"])
        name = next(name for name, each in spoilt.items() if each["Type"] == kind)
        del spoilt[name]["Properties"][switch]
        assert broken(spoilt) == {name}


def test_a_role_that_may_not_tell_would_be_noticed(stacks: dict[str, Resources]) -> None:
    mute = json.loads(json.dumps(stacks["promotions"]).replace("xray:PutTraceSegments", "xray:GetGroups"))
    assert broken(mute)


def test_no_topic_hides_a_trace_or_claims_to_trace_by_itself(stacks: dict[str, Resources]) -> None:
    topics = [each for stack in stacks.values() for each in stack.values() if each["Type"] == "AWS::SNS::Topic"]
    assert {topic["Properties"].get("TracingConfig", "PassThrough") for topic in topics} == {"PassThrough"}
