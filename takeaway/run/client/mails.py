"""The e-mails that an engine was asked to send. On AWS they are in the customers' mailboxes and nowhere else."""

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
        """Those whose text has one of these words in it: an order id, the code of a voucher."""
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
