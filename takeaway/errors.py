"""The errors of `takeaway`: each is told in one sentence, which says what to do.

TakeawayError
├── UsageError             the arguments make no sense (exit code 2)
├── EngineError            the engine does not run as it should
│   ├── PortInUse
│   ├── EngineDied
│   └── NotInstalled
├── NoRunningSystem        no engine runs, or nothing is deployed there
│   └── EngineGone         the engine ran, and ended without being stopped
├── DeploymentFailed       the stacks could not be deployed
│   ├── ToolFailed         a tool failed; has its exit status and output
│   └── SynthesisRefused   the app refused to make templates with these parameters
├── Refused                the API refused a call; has its problem+json
├── TookTooLong            it exceeded its time limit and was stopped
├── StoryDiffers           a story of the demo did not happen as promised
├── RulesBroken            a rule of the architecture is broken
└── Interrupted            Ctrl-C (exit code 130)
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from takeaway.unseen import visible


class TakeawayError(Exception):
    """A failure that is told in one sentence, without a traceback."""


class UsageError(TakeawayError):
    pass


class EngineError(TakeawayError):
    pass


class PortInUse(EngineError):
    def __init__(self, port: int) -> None:
        super().__init__(f"Port {port} of this machine is in use: stop what listens there, or pass --port N.")


class Interrupted(TakeawayError):
    """Ctrl-C, raised after everything that was interrupted has been cleaned up."""

    def __init__(self, sentence: str = "") -> None:
        super().__init__(sentence or "Interrupted.")


class EngineDied(EngineError):
    def __init__(self, reason: str, last_lines: Sequence[str], log: str) -> None:
        said = "".join(f"\n  {line}" for line in last_lines)
        super().__init__(f"The engine {reason}; see its log {log}, then try the same again.{said}")


class TookTooLong(TakeawayError):
    def __init__(self, what: str, seconds: float, log: Path | None) -> None:
        where = f"; its log is {log}" if log else ""
        super().__init__(f"Not done after {seconds:.0f} s, and stopped: {visible(what)}{where}.")


class NotInstalled(EngineError):
    def __init__(self, what: str) -> None:
        super().__init__(f"{what} is not installed in this folder: run `make setup`.")


class NoRunningSystem(TakeawayError):
    def __init__(self, why: str = "No running system", *, command: str = "takeaway up") -> None:
        super().__init__(f"{why}: start one with `{command}`.")


class EngineGone(NoRunningSystem):
    def __init__(self, told: str, *, command: str) -> None:
        TakeawayError.__init__(self, f"{told}\n  Start another one with `{command}`.")


class DeploymentFailed(TakeawayError):
    pass


class ToolFailed(DeploymentFailed):
    """A tool failed; `status` is its exit status, None if it was stopped. `said` are its last lines."""

    def __init__(self, what: str, status: int | None, said: Sequence[str], log: str) -> None:
        self.status, self.said = status, tuple(said)
        listed = "".join(f"\n  {line}" for line in said)
        super().__init__(f"{what}; all that it said is in {log}.{listed}")


class SynthesisRefused(DeploymentFailed):
    pass


class StoryDiffers(TakeawayError):
    def __init__(self, missing: Sequence[str], log: Path | None = None) -> None:
        self.missing = tuple(missing)
        listed = "".join(f"\n  - {what}" for what in missing)
        where = f"\n  The engine's log: {log}" if log else ""
        super().__init__(f"{len(missing)} part(s) of the story did not happen:{listed}{where}")


class RulesBroken(TakeawayError):
    def __init__(self, ids: Sequence[str], examined: int) -> None:
        again = " ".join(f"--rule {each}" for each in ids)
        super().__init__(f"{len(ids)} of {examined} rules broken; once fixed, check again: takeaway doctor {again}")


@dataclass(frozen=True)
class FieldError:
    field: str
    message: str


class Refused(TakeawayError):
    """The API refused a call; `status`, `title`, `detail` and `errors` are those of its problem+json."""

    def __init__(self, status: int, title: str, detail: str = "", errors: Sequence[FieldError] = ()) -> None:
        self.status, self.title, self.detail, self.errors = status, title, detail, tuple(errors)
        fields = "".join(f"\n  {visible(error.field)}: {visible(error.message)}" for error in errors)
        sentence = f"{title}: {detail}" if detail and detail != title else title
        super().__init__(f"{visible(sentence)} ({status}){fields}")
