"""Read the e-mails that an engine recorded instead of sending. On AWS they can't be read: SES keeps no copy."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from takeaway.run.client.target import Target
from takeaway.run.engine.kinds import EngineKind, fetch_json


@dataclass(frozen=True)
class Mail:
    at: datetime
    to: tuple[str, ...]
    subject: str
    text: str


@dataclass(frozen=True)
class Mails:
    """All e-mails that the target's engine recorded, of every stage. Source: the engine's own SES endpoint."""

    target: Target

    @property
    def are_readable(self) -> bool:
        return self.target.traits.mails is not None

    def all(self) -> list[Mail]:
        if not self.are_readable:
            return []
        answer: Any = fetch_json(f"{self.target.endpoint}{self.target.traits.mails}")
        if self.target.traits.kind is EngineKind.LOCALSTACK:
            return [_from_localstack(each) for each in answer.get("messages", [])]
        return [_from_ministack(each) for account in answer.get("messages", {}).values() for each in account]

    def naming(self, *words: str) -> list[Mail]:
        """Return the e-mails whose text contains one of these words, such as an order id or a voucher's code."""
        return [mail for mail in self.all() if any(word in mail.text for word in words if word)]


def _from_ministack(message: dict[str, Any]) -> Mail:
    return Mail(
        at=datetime.fromtimestamp(message["Timestamp"], tz=UTC),
        to=tuple(message["To"]),
        subject=message["Subject"],
        text=message["BodyText"],
    )


def _from_localstack(message: dict[str, Any]) -> Mail:
    return Mail(
        at=datetime.fromisoformat(message["Timestamp"]).astimezone(UTC),
        to=tuple(message["Destination"]["ToAddresses"]),
        subject=message["Subject"],
        text=message["Body"]["text_part"] or "",
    )
