"""Find the engine, or AWS, that a command talks to, and make boto3 clients for it."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from threading import Lock
from typing import Any
from urllib.parse import urlsplit

from takeaway.errors import EngineGone, NoRunningSystem, TakeawayError, UsageError
from takeaway.run.engine.environment import CREDENTIALS, REGION
from takeaway.run.engine.home import Home
from takeaway.run.engine.kinds import EngineKind, Traits, is_image, kind_of, traits_of
from takeaway.text import header
from takeaway.unseen import visible

DEFAULT_STAGE = "dev"
ENDPOINT = "AWS_ENDPOINT_URL"
HOST = re.compile(r"([A-Za-z0-9._-]+|\[[0-9a-fA-F:.]+\])(:\d{1,5})?")
REGIONS = re.compile(r"[a-z][a-z0-9-]{0,62}")
FROM_ENVIRONMENT = ("AWS_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")


@dataclass(frozen=True)
class Target:
    """An engine, or AWS if `endpoint` is None, and a stage there."""

    home: Home
    stage: str = DEFAULT_STAGE
    endpoint: str | None = None
    profile: str | None = None
    credentials: Mapping[str, str] = field(default_factory=lambda: CREDENTIALS | {"AWS_REGION": REGION})
    _clients: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)
    _making: Lock = field(default_factory=Lock, repr=False, compare=False)  # a session is for one thread at a time

    @property
    def prefix(self) -> str:
        return f"takeaway-{self.stage}"

    @cached_property
    def traits(self) -> Traits:
        kind = kind_of(self.endpoint)
        if kind is None:
            raise NoRunningSystem(f"Nothing answers at {self.endpoint}")
        containers = self.endpoint is not None and kind is EngineKind.LOCALSTACK and is_image(self.endpoint)
        return traits_of(kind, containers=containers)

    def command(self, what: str) -> str:
        """Write a command as a person types it, with `--stage` if this is not the default stage."""
        return f"takeaway {what}{'' if self.is_default_stage else f' --stage {self.stage}'}"

    @property
    def is_default_stage(self) -> bool:
        """True if a command without `--stage` means this stage."""
        running = self.home.running()
        here = running is not None and running.endpoint == self.endpoint
        return self.stage == (running.stage if here and running else DEFAULT_STAGE)

    @property
    def means_aws(self) -> str:
        """A sentence that says why a command talks to AWS, and how to change that."""
        return f"The profile {self.profile!r} (AWS_PROFILE, or --profile) means AWS: unset it for what runs here."

    @property
    def endpoint_of_functions(self) -> str:
        """The engine's URL as its functions see it: in a container, localhost is another host."""
        assert self.endpoint is not None  # noqa: S101 - an engine has one, and only engines are asked
        parts = urlsplit(self.endpoint)
        host = self.traits.host_of_functions or parts.hostname
        return parts._replace(netloc=f"{host}:{parts.port}" if parts.port else f"{host}").geturl()

    def client(self, service: str) -> Any:
        """Return a boto3 client, made once per service. Raises TakeawayError if the AWS settings are wrong."""
        with self._making:
            if service not in self._clients:
                self._clients[service] = self._new_client(service)
            return self._clients[service]

    def environment(self) -> dict[str, str]:
        """Return the environment variables with which other AWS tools find the same engine or account."""
        if self.endpoint is None:
            return {"AWS_PROFILE": self.profile} if self.profile else {}
        return {**self.credentials, "AWS_ENDPOINT_URL": self.endpoint}

    def deployed(self) -> dict[str, Any]:
        """Return what the last `takeaway up` recorded of this stage; empty if there was none, and on AWS."""
        return self.home.deployed(self.stage, self.endpoint) if self.endpoint else {}

    def remember_placed(self, order_id: str) -> None:
        """Record an order as the last one placed from this state folder on this stage."""
        self.home.remember_placed(self.stage, str(self.endpoint), order_id)

    def placed_last(self) -> str | None:
        return self.home.placed_last(self.stage, str(self.endpoint))

    def _new_client(self, service: str) -> Any:
        from botocore.config import Config  # noqa: PLC0415 - loading it would slow `--help` down
        from botocore.exceptions import BotoCoreError  # noqa: PLC0415

        config = Config(retries={"mode": "standard"})
        if self.endpoint is not None:
            # Requests to an engine on this machine must not go through a proxy.
            config = config.merge(Config(proxies={}, s3={"addressing_style": "path"}))
        try:
            return self._session.client(service, endpoint_url=self.endpoint, config=config)
        except (BotoCoreError, ValueError) as error:  # ValueError: AWS_MAX_ATTEMPTS=many, and the like
            raise TakeawayError(f"AWS can't be reached{self._as_whom()}: {error}{_cause(error)}") from error

    @cached_property
    def _session(self) -> Any:
        """One for all clients, because each session reads AWS's endpoints and the names of its services anew."""
        import boto3  # noqa: PLC0415

        if self.endpoint is None:
            return boto3.Session(profile_name=self.profile)
        return boto3.Session(
            botocore_session=_without_settings(),
            aws_access_key_id=self.credentials["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=self.credentials["AWS_SECRET_ACCESS_KEY"],
            aws_session_token=self.credentials.get("AWS_SESSION_TOKEN"),
            region_name=self.credentials["AWS_REGION"],
        )

    def _as_whom(self) -> str:
        return f" with the profile {self.profile!r} (AWS_PROFILE, or --profile)" if self.profile else ""


def _cause(error: Exception) -> str:
    """Name the environment variables that have the refused value, because boto3's error does not."""
    named = [name for name, value in os.environ.items() if name.startswith("AWS_") and repr(value) in str(error)]
    return f" (from {', '.join(named)})" if named else ""


def _without_settings() -> Any:
    """Make a botocore session that ignores the user's AWS settings, in variables and in files.

    They are meant for AWS. With an engine they do harm: a profile that does not exist would fail every command.
    """
    import botocore.session  # noqa: PLC0415
    from botocore.configprovider import BOTOCORE_DEFAUT_SESSION_VARIABLES as SETTINGS  # noqa: PLC0415

    # A setting is a tuple: name in the file, environment variable, default, and conversion from text.
    unset = {name: (None, None, default, convert) for name, (_, _, default, convert) in SETTINGS.items()}
    return botocore.session.Session({**unset, "config_file": (None, None, None, None)})


def resolve(
    home: Home,
    *,
    stage: str | None = None,
    profile: str | None = None,
    environment: Mapping[str, str] = os.environ,
) -> Target:
    """Find the target of a command: AWS_ENDPOINT_URL, else a profile, else the engine started from `home`.

    Raises NoRunningSystem when there is none of these, EngineGone when the engine has died, and UsageError for a URL
    or region that can't be one.
    """
    if endpoint := environment.get(ENDPOINT):
        return at_endpoint(home, _endpoint(endpoint), stage=stage, environment=environment)
    if profile := profile or environment.get("AWS_PROFILE"):
        return Target(home, stage or DEFAULT_STAGE, profile=profile)
    running = home.running()
    if running is None:
        start = f"takeaway up{f' --stage {stage}' if stage not in (None, DEFAULT_STAGE) else ''}"
        if died := home.died():
            raise EngineGone(died.told(home.log), command=start)
        raise NoRunningSystem(command=start)
    return Target(home, stage or running.stage, endpoint=running.endpoint)


def at_endpoint(home: Home, endpoint: str, *, stage: str | None, environment: Mapping[str, str]) -> Target:
    """Make the target of an engine that someone else runs, with the caller's credentials, else an engine's usual ones.

    Raises UsageError for a region that can't be one.
    """
    defaults = CREDENTIALS | {"AWS_REGION": environment.get("AWS_DEFAULT_REGION") or REGION}
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION"):
        if (region := environment.get(name)) and not REGIONS.fullmatch(region):
            raise UsageError(f"{name}: expected the name of a region such as {REGION}, got “{visible(region)}”.")
    given = {name: header(name, environment[name]) for name in FROM_ENVIRONMENT if environment.get(name)}
    return Target(home, stage or DEFAULT_STAGE, endpoint=endpoint, credentials=defaults | given)


def _endpoint(text: str) -> str:
    """Check an endpoint, and return it without a final slash. Raises UsageError with what was expected."""
    try:
        parts = urlsplit(text)
        is_whole = parts.scheme in ("http", "https") and bool(HOST.fullmatch(parts.netloc)) and parts.port != 0
    except ValueError:  # a port out of range, half an IPv6 address
        is_whole = False
    if not is_whole or parts.path.strip("/") or parts.query or parts.fragment:
        raise UsageError(
            f"{ENDPOINT}: expected where an engine is, such as http://localhost:4566, got “{visible(text)}”."
        )
    return text.rstrip("/")
