"""Everything that `takeaway` can refuse or fail to do, each as one sentence that names the way out.

TakeawayError
├── UsageError             what was asked for makes no sense (exit code 2)
├── EngineError            the engine does not run as it should
│   ├── PortInUse
│   ├── EngineDied
│   └── NotInstalled
├── NoRunningSystem        nothing to talk to
├── DeploymentFailed       the templates did not make it to the engine
├── Refused                the API said no; carries its problem+json
├── StoryDiffers           the demo saw something else than it promised
└── RulesBroken            the architecture is not what it says
"""

from collections.abc import Sequence
from dataclasses import dataclass


class TakeawayError(Exception):
    """A failure to be told in one sentence, without a traceback."""


class UsageError(TakeawayError):
    pass


class EngineError(TakeawayError):
    pass


class PortInUse(EngineError):
    def __init__(self, port: int) -> None:
        super().__init__(f"Port {port} of this machine is in use: stop what listens there, or pass --port N.")


class EngineDied(EngineError):
    def __init__(self, reason: str, last_lines: Sequence[str], log: str) -> None:
        said = "".join(f"\n  {line}" for line in last_lines)
        super().__init__(f"The engine {reason}; see its log {log}, then try `takeaway up` again.{said}")


class NotInstalled(EngineError):
    def __init__(self, what: str) -> None:
        super().__init__(f"{what} is not installed in this folder: run `make setup`.")


class NoRunningSystem(TakeawayError):
    def __init__(self, why: str = "No running system") -> None:
        super().__init__(f"{why}: start one with `takeaway up`.")


class DeploymentFailed(TakeawayError):
    pass


class StoryDiffers(TakeawayError):
    def __init__(self, missing: Sequence[str]) -> None:
        self.missing = tuple(missing)
        listed = "".join(f"\n  - {what}" for what in missing)
        super().__init__(f"{len(missing)} part(s) of the story did not happen:{listed}")


class RulesBroken(TakeawayError):
    def __init__(self, ids: Sequence[str], examined: int) -> None:
        again = " ".join(f"--rule {each}" for each in ids)
        super().__init__(f"{len(ids)} of {examined} rules broken; when it is mended: takeaway doctor {again}")


@dataclass(frozen=True)
class FieldError:
    field: str
    message: str


class Refused(TakeawayError):
    """The API's answer was not the one hoped for; `status` and `errors` are those of its problem+json."""

    def __init__(self, status: int, title: str, detail: str = "", errors: Sequence[FieldError] = ()) -> None:
        self.status, self.title, self.detail, self.errors = status, title, detail, tuple(errors)
        fields = "".join(f"\n  {error.field}: {error.message}" for error in errors)
        sentence = f"{title}: {detail}" if detail and detail != title else title
        super().__init__(f"{sentence} ({status}){fields}")
