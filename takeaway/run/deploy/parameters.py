"""The parameters of a deployment that a person may choose, and the CDK context made of them and the engine's traits."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from shared.stage_names import PRODUCTION
from takeaway.errors import UsageError
from takeaway.run.engine.kinds import Traits
from takeaway.wiring import Wiring

DEFAULT_ACCEPT_TIMEOUT = 600
DEFAULT_DELIVERY_TIMEOUT = 5400
SLACK_SECONDS = 1200  # the timeout of the whole order is longer by this than its two waits
MOST_RETRIES = 5  # about 15 s for a step; production retries for minutes, but here people want to see it fail


@dataclass(frozen=True)
class Parameters:
    """A deployment's parameters; timeouts in seconds. `system` None means the wiring that runs, or hybrid.

    `extra` is further CDK context, and overrides the rest. Raises UsageError for a timeout below one second.
    """

    stage: str = "dev"
    accept_timeout: int = DEFAULT_ACCEPT_TIMEOUT
    delivery_timeout: int = DEFAULT_DELIVERY_TIMEOUT
    system: Wiring | None = None
    extra: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in ("accept_timeout", "delivery_timeout"):
            if getattr(self, name) < 1:
                raise UsageError(f"--{name.replace('_', '-')} takes seconds from 1, not {getattr(self, name)}.")

    def where(self, running: Wiring | None) -> "Parameters":
        """Return the parameters with the running wiring, unless another was chosen."""
        return replace(self, system=self.system or running)

    def _sooner(self, traits: Traits) -> dict[str, str]:
        """Shorten the time until a message becomes a dead letter, so that people can watch it; not in production."""
        seconds = None if self.stage == PRODUCTION else traits.dead_letter_seconds
        return {} if seconds is None else {"deadLetterSeconds": str(seconds)}

    def context(self, traits: Traits, issuer: str) -> dict[str, str]:
        return {
            "stage": self.stage,
            "dependencies": traits.dependencies,
            "python": traits.python,
            "architecture": traits.architecture,
            "archive": str(traits.archive_in_template).lower(),
            "athena": str(traits.glue).lower(),
            "writeOnce": str(traits.write_once).lower(),
            "schemaRegistry": str(traits.schema_registry).lower(),
            "mailEvents": str(traits.mail_events).lower(),
            "system": self.system or Wiring.HYBRID,
            "oidcIssuer": issuer,
            "acceptTimeoutSeconds": str(self.accept_timeout),
            "deliveryTimeoutSeconds": str(self.delivery_timeout),
            "mostRetries": str(MOST_RETRIES),
            **self._sooner(traits),
            "orderTimeoutSeconds": str(self.accept_timeout + self.delivery_timeout + SLACK_SECONDS),
            **self.extra,
        }
