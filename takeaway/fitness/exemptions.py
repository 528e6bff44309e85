"""What the rules let pass on purpose, each by name and with its reason: `takeaway doctor` shows it as evidence."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Exemption:
    """`who` does `what` although the rule forbids it, because of a decision."""

    rule: str
    who: str
    what: str
    because: str
    adr: str = ""

    @property
    def told(self) -> str:
        decision = f", docs/adr/{self.adr}.md" if self.adr else ""
        return f"{self.who} {self.because} (exempt{decision})"


EXEMPTIONS = (
    Exemption(
        rule="no-foreign-names",
        who="console",
        what="{prefix}-restaurants",  # a name that starts with takeaway-<stage>
        because="listens to the topic on which orders writes to restaurants, as they do: a window for people",
        adr="0009-the-console-is-a-neighbour",
    ),
    Exemption(
        rule="no-calls",
        who="contexts.orders.adapters.issuer_keys",
        what="urllib.request",
        because="fetches the public keys of the OIDC issuer, which is no context",
        adr="0006-identity-is-verified-in-the-function",
    ),
    Exemption(
        rule="no-calls",
        who="contexts.analytics.custom_resource",
        what="urllib.request",
        because="answers CloudFormation, which has sent it the address, that the lake is empty",
    ),
)


def exemption(rule: str, who: str, what: str, *, prefix: str = "") -> Exemption | None:
    """The exemption that lets this pass, if there is one."""
    return next(
        (
            each
            for each in EXEMPTIONS
            if (each.rule, each.who, each.what.replace("{prefix}", prefix)) == (rule, who, what)
        ),
        None,
    )
