"""The e-mails of a context: its sender, the permission to send, and the handling of bounces and complaints."""

from collections.abc import Iterator

from aws_cdk import Duration, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iam as iam
from aws_cdk import aws_ses as ses
from constructs import Construct

from shared.infrastructure.context_function import ContextFunction
from shared.infrastructure.deployment import Deployment
from shared.infrastructure.interface import as_interface
from shared.infrastructure.security_checks import accept_recipients
from shared.infrastructure.told_topic import ToldTopic
from shared.infrastructure.watched import Line, Signal

# Rates at which SES reviews an account; at twice the first, or five times the second, it may stop its e-mails.
REVIEWED = {"Bounce": 0.05, "Complaint": 0.001}
SOONER = 0.5  # the alarm rings at this part of those rates
EVERY = Duration.hours(1)
RATES = "E-mails: share that comes back"


class Mailing(Construct):
    """The configuration set `takeaway-<stage>-<context>`, which counts a context's rates apart from those of others.

    An address that bounces for good, or whose owner complains, is put on the account's suppression list, so nothing is
    delivered to it any more. SES tells each of these to the topic `takeaway-<stage>-<context>-mail`, to which people or
    tools may subscribe. `events=False` leaves all that out, for an engine without configuration sets.
    """

    def __init__(
        self, scope: Construct, id: str, *, deployment: Deployment, context: str, sender: str, events: bool
    ) -> None:
        super().__init__(scope, id)
        self._sender = sender
        self._name = f"{deployment.prefix}-{context}"
        self._set = self._configuration_set() if events else None
        self._topic = self._told_by(self._set, deployment, context) if self._set else None

    def let_send(self, function: ContextFunction) -> None:
        """Allow a function to send from the one sender to any address, through the configuration set."""
        function.add_environment("SENDER", self._sender)
        function.add_to_role_policy(
            iam.PolicyStatement(
                actions=["ses:SendEmail"],
                # While an account is in SES's sandbox, SES checks the recipient's identity as well as the sender's.
                resources=[self._arn("identity", "*")],
                conditions={"StringEquals": {"ses:FromAddress": self._sender}},
            )
        )
        accept_recipients(as_interface(function.role))
        if self._set:
            function.add_environment("CONFIGURATION_SET", self._set.configuration_set_name)
            # A statement of its own, because the condition on the sender does not apply to configuration sets.
            function.add_to_role_policy(
                iam.PolicyStatement(actions=["ses:SendEmail"], resources=[self._arn("configuration-set", self._name)])
            )

    def watched(self) -> Iterator[Line]:
        """Yield the signals of both rates, which ring long before SES reviews the account."""
        if not self._topic:
            return
        for kind, tells in (("Bounce", "bounce"), ("Complaint", "are complained of")):
            threshold = REVIEWED[kind] * SOONER
            yield Signal(
                name=f"mail-{kind.lower()}s",
                tells=f"{threshold:.2%} of the e-mails or more {tells}, half of what SES reviews an account for",
                graph=RATES,
                label=kind.lower(),
                metric=self._rate(kind),
                threshold=threshold,
                # Missing data is ignored, because a rate holds until SES publishes another one.
                missing=cloudwatch.TreatMissingData.IGNORE,
            )
        told = self._topic.metric_number_of_messages_published(period=EVERY)
        yield Line(graph="E-mails: bounces and complaints", label="told", metric=told)

    def _configuration_set(self) -> ses.ConfigurationSet:
        return ses.ConfigurationSet(
            self,
            "Set",
            configuration_set_name=self._name,
            suppression_reasons=ses.SuppressionReasons.BOUNCES_AND_COMPLAINTS,
            reputation_metrics=True,
            sending_enabled=True,
        )

    def _told_by(self, configuration_set: ses.ConfigurationSet, deployment: Deployment, context: str) -> ToldTopic:
        """Make the topic that SES tells of bounces and complaints.

        People, a queue or a help desk may subscribe; no address is stored here.
        """
        topic = ToldTopic(
            self,
            "Topic",
            deployment=deployment,
            name=f"{context}-mail",
            service="ses.amazonaws.com",
            about=f"E-mails of {context} that came back",
            sid="Mail",
            conditions={"aws:SourceArn": self._arn("configuration-set", self._name)},
            key_for_account=False,  # SES's pages give it the key without a condition
        )
        # Not by the CDK's own construct, which would add a second statement that lets SES publish.
        destination = ses.CfnConfigurationSetEventDestination(
            self,
            "CameBack",
            configuration_set_name=configuration_set.configuration_set_name,
            event_destination=ses.CfnConfigurationSetEventDestination.EventDestinationProperty(
                enabled=True,
                matching_event_types=["bounce", "complaint"],
                sns_destination=ses.CfnConfigurationSetEventDestination.SnsDestinationProperty(
                    topic_arn=topic.topic_arn
                ),
            ),
        )
        destination.node.add_dependency(topic)  # and on its policy, because SES publishes a test message at once
        return topic

    def _rate(self, kind: str) -> cloudwatch.Metric:
        return cloudwatch.Metric(
            namespace="AWS/SES",
            metric_name=f"Reputation.{kind}Rate",
            dimensions_map={"ses:configuration-set": self._name},
            period=EVERY,
            statistic="Maximum",
        )

    def _arn(self, resource: str, name: str) -> str:
        return Stack.of(self).format_arn(service="ses", resource=resource, resource_name=name)
