"""Apps in which tests synthesize a stack, and questions to its template that several tests ask."""

import json
from collections.abc import Iterator
from typing import Any

from aws_cdk import App, Environment
from aws_cdk.assertions import Template

from tests.fakes.patterns import matches

ENVIRONMENT = Environment(account="123456789012", region="eu-central-1")


def bare_app(**context: Any) -> App:
    """Return an app for one look at a template.

    It leaves out the CDK's own validation, whose engine takes two seconds to start and whose findings fail only an app
    with the feature flags of deployments.
    """
    return App(context=context, builtin_cloud_formation_validation=False)


def allowed_actions(template: Template) -> dict[str, set[str]]:
    """Return the actions that the roles of a stack allow, by resource as the template writes it."""
    allowed: dict[str, set[str]] = {}
    for statement in _statements(template):
        assert statement["Effect"] == "Allow"
        for resource in _listed(statement["Resource"]):
            allowed.setdefault(json.dumps(resource, sort_keys=True), set()).update(_listed(statement["Action"]))
    return allowed


def rule_matches(template: Template, event: dict[str, Any]) -> bool:
    """Tell whether the stack's only rule lets the event through, as the bus decides it."""
    (rule,) = template.find_resources("AWS::Events::Rule").values()
    return matches(rule["Properties"]["EventPattern"], event)


def _statements(template: Template) -> Iterator[dict[str, Any]]:
    for policy in template.find_resources("AWS::IAM::Policy").values():
        yield from policy["Properties"]["PolicyDocument"]["Statement"]


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
