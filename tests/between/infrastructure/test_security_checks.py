"""cdk-nag guards every synthesis: a finding ends it, and an accepted one is accepted to the letter."""

import json
from pathlib import Path

import pytest
from aws_cdk import Annotations, App, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sqs as sqs
from aws_cdk import aws_ssm as ssm

from shared.infrastructure.context_app import FEATURE_FLAGS
from shared.infrastructure.security_checks import accept, check
from takeaway.check.templates import checked


def app_in(folder: Path) -> tuple[App, Stack]:
    app = App(outdir=str(folder))
    check(app)
    return app, Stack(app, "stack")


def found_in(folder: Path) -> set[str]:
    report = json.loads((folder / checked.REPORT).read_text())
    return {violation["ruleName"] for plugin in report["pluginReports"] for violation in plugin["violations"]}


def test_what_the_cdk_warns_of_is_told_with_its_place(tmp_path: Path) -> None:
    app = App(outdir=str(tmp_path), context=json.loads(FEATURE_FLAGS.read_text()))
    check(app)
    stack = Stack(app, "stack")
    parameter = ssm.CfnParameter(stack, "Parameter", type="String", value="1")
    Annotations.of(parameter).add_warning_v2("takeaway:odd", "That is odd.")
    app.synth()
    assert list(checked.warnings(tmp_path)) == ["Annotation::takeaway:odd: That is odd. (stack/Parameter)"]


def role(stack: Stack, resource: str) -> iam.Role:
    made = iam.Role(stack, "Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
    made.add_to_policy(iam.PolicyStatement(actions=["s3:GetObject"], resources=[resource]))
    return made


def test_a_queue_that_takes_messages_without_tls_ends_the_synthesis(tmp_path: Path) -> None:
    app, stack = app_in(tmp_path)
    sqs.Queue(
        stack, "Queue", dead_letter_queue=sqs.DeadLetterQueue(queue=sqs.Queue(stack, "Dead"), max_receive_count=3)
    )
    with pytest.raises(RuntimeError, match="ValidationFailed"):
        app.synth()
    assert "AwsSolutions-SQS4" in found_in(tmp_path)


def test_an_accepted_finding_passes(tmp_path: Path) -> None:
    app, stack = app_in(tmp_path)
    accept(role(stack, "*"), "IAM5[Resource::*]", "because")
    app.synth()


def test_another_one_of_the_same_rule_does_not(tmp_path: Path) -> None:
    app, stack = app_in(tmp_path)
    accept(role(stack, "arn:aws:s3:::lake/*"), "IAM5[Resource::*]", "because")
    with pytest.raises(RuntimeError, match="ValidationFailed"):
        app.synth()
