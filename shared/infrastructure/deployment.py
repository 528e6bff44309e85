"""The parameters in which deployments of the same templates differ, read once per synthesis."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, cast, get_args

from aws_cdk import RemovalPolicy
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs

from shared.refusals import Refusal
from shared.stage_names import EXPECTED, PRODUCTION, is_stage

Dependencies = Literal["layer", "bundle", "engine"]
Architecture = Literal["arm64", "x86_64"]
Get = Callable[[str], object]  # the value of a parameter by its name, as `-c name=value` or a cdk.json gives it


class InvalidParameter(Refusal, ValueError):
    """A deployment parameter (`cdk deploy -c name=value`) is missing or not of its kind; the message names it."""


@dataclass(frozen=True)
class Deployment:
    """The parameters that every stack needs.

    `dependencies`: "layer" builds a layer per context from its pinned requirements; "bundle" puts them into the bundles
    of its functions, for an engine without layers; "engine" leaves it to the engine to have them importable, which
    starts a function several times faster on an embedded engine.

    `runbooks` is the address of the runbooks that alarms name, `alarm_email` where alarms are sent.
    `dead_letter_seconds` is how long it takes until a message that always fails is given up; None: as long as AWS
    recommends.
    """

    stage: str = "dev"
    dependencies: Dependencies = "layer"
    python: str = "3.13"
    architecture: Architecture = "arm64"
    runbooks: str = "docs/runbooks"
    alarm_email: str | None = None
    dead_letter_seconds: int | None = None

    @property
    def prefix(self) -> str:
        return f"takeaway-{self.stage}"

    @property
    def bus_name(self) -> str:
        """The name of the shared bus: the only thing that stacks know of each other."""
        return self.prefix

    @property
    def metrics_namespace(self) -> str:
        """The namespace of this stage's metrics.

        Each stage has its own, so that one does not raise the alarms of another in the same account.
        """
        return f"Takeaway/{self.stage}"

    @property
    def is_production(self) -> bool:
        return self.stage == PRODUCTION

    @property
    def removal_policy(self) -> RemovalPolicy:
        """Keep production's data when its stack is deleted; delete that of any other stage.

        Data of a first deployment that fails is not kept, because it would block the next attempt.
        """
        return RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE if self.is_production else RemovalPolicy.DESTROY

    @property
    def log_retention(self) -> logs.RetentionDays:
        return logs.RetentionDays.ONE_YEAR if self.is_production else logs.RetentionDays.ONE_WEEK

    @property
    def runtime(self) -> lambda_.Runtime:
        return lambda_.Runtime(f"python{self.python}", lambda_.RuntimeFamily.PYTHON)

    @property
    def lambda_architecture(self) -> lambda_.Architecture:
        return lambda_.Architecture.ARM_64 if self.architecture == "arm64" else lambda_.Architecture.X86_64

    @classmethod
    def from_context(cls, get: Get) -> "Deployment":
        """Read the parameters from CDK context, with the defaults above. Raises InvalidParameter."""
        stage = text(get, "stage", cls.stage)
        if not is_stage(stage):
            raise InvalidParameter(f"stage: expected {EXPECTED}, got {stage!r}")
        dependencies = one_of(get, "dependencies", get_args(Dependencies), cls.dependencies)
        architecture = one_of(get, "architecture", get_args(Architecture), cls.architecture)
        return cls(
            stage=stage,
            dependencies=cast(Dependencies, dependencies),
            python=_python(text(get, "python", cls.python)),
            architecture=cast(Architecture, architecture),
            runbooks=text(get, "runbooks", cls.runbooks).rstrip("/"),
            alarm_email=email(get, "alarmEmail"),
            dead_letter_seconds=_dead_letter_seconds(get, stage),
        )


def _dead_letter_seconds(get: Get, stage: str) -> int | None:
    """Read the parameter, which production refuses because its functions need the time that they were given."""
    name = "deadLetterSeconds"
    if _given(get, name, RECOMMENDED) == RECOMMENDED:
        return None
    if stage == PRODUCTION:
        raise InvalidParameter(
            f"{name}: expected nothing on stage {PRODUCTION}, which keeps to AWS's advice: leave it out"
        )
    return seconds(get, name, 0)


def _python(version: str) -> str:
    if not re.fullmatch(r"3\.\d+", version):
        raise InvalidParameter(f"python: expected a version such as 3.13, got {version!r}")
    return version


NOBODY = "nobody"
RECOMMENDED = "recommended"
SENDER = "orders@takeaway.example.com"


def text(get: Get, name: str, default: str) -> str:
    value = _given(get, name, default)
    if not isinstance(value, str) or not value:
        raise InvalidParameter(f"{name}: expected a text, got {value!r} (set it in cdk.json or with -c {name}=…)")
    return value


def sender(get: Get) -> str:
    """Read the sender's address of e-mails, in ASCII as SES takes it. Raises InvalidParameter."""
    value = text(get, "sender", SENDER)
    if not value.isascii() or not all(value.rpartition("@")):
        raise InvalidParameter(
            f"sender: expected an e-mail address in ASCII, its domain in Punycode (xn--…) if need be, got {value!r}"
        )
    return value


def email(get: Get, name: str) -> str | None:
    value = text(get, name, NOBODY)
    if value != NOBODY and not all(value.rpartition("@")):
        raise InvalidParameter(f"{name}: expected an e-mail address, or {NOBODY}, got {value!r}")
    return None if value == NOBODY else value


def one_of(get: Get, name: str, allowed: tuple[str, ...], default: str) -> str:
    value = text(get, name, default)
    if value not in allowed:
        raise InvalidParameter(f"{name}: expected one of {', '.join(allowed)}, got {value!r}")
    return value


def seconds(get: Get, name: str, default: int) -> int:
    return whole(get, name, default, of="seconds")


def whole(get: Get, name: str, default: int, *, of: str = "") -> int:
    value = _given(get, name, default)
    if not str(value).isdecimal() or int(str(value)) < 1:
        raise InvalidParameter(f"{name}: expected a whole number{of and f' of {of}'} from 1, got {value!r}")
    return int(str(value))


def flag(get: Get, name: str, default: bool = True) -> bool:  # noqa: FBT001, FBT002 - the value itself
    value = str(_given(get, name, default)).lower()
    if value not in ("true", "false"):
        raise InvalidParameter(f"{name}: expected true or false, got {value!r}")
    return value == "true"


def _given(get: Get, name: str, default: object) -> object:
    value = get(name)
    return default if value is None else value
