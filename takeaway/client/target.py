"""Where the system is that a command talks to, and how to get a client for a service there."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from takeaway.engine.environment import CREDENTIALS, REGION
from takeaway.engine.home import Home
from takeaway.engine.kinds import EngineKind, Traits, is_image, kind_of, traits_of
from takeaway.errors import NoRunningSystem, TakeawayError

DEFAULT_STAGE = "dev"
NOTHING = (None, None, None, None)  # a setting of botocore without name, variable, default and conversion
FROM_ENVIRONMENT = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_REGION")


@dataclass(frozen=True)
class Target:
    """An engine (or AWS, then without an endpoint), and the stage that is meant there."""

    home: Home
    stage: str = DEFAULT_STAGE
    endpoint: str | None = None
    profile: str | None = None
    credentials: Mapping[str, str] = field(default_factory=lambda: CREDENTIALS | {"AWS_REGION": REGION})
    _clients: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)

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

    @property
    def endpoint_of_functions(self) -> str:
        """Where the engine is for its own functions."""
        assert self.endpoint is not None  # noqa: S101 - engines on this machine have one
        parts = urlsplit(self.endpoint)
        host = self.traits.host_of_functions or parts.hostname
        return parts._replace(netloc=f"{host}:{parts.port}" if parts.port else f"{host}").geturl()

    def client(self, service: str) -> Any:
        """A boto3 client, made once per service."""
        if service not in self._clients:
            self._clients[service] = self._new_client(service)
        return self._clients[service]

    def environment(self) -> dict[str, str]:
        """The variables by which other AWS tools find the same place."""
        if self.endpoint is None:
            return {"AWS_PROFILE": self.profile} if self.profile else {}
        return {**self.credentials, "AWS_ENDPOINT_URL": self.endpoint}

    def deployed(self) -> dict[str, Any]:
        """What the last `takeaway up` wrote down of this stage here, empty if there was none."""
        return self.home.deployed(self.stage, self.endpoint) if self.endpoint else {}

    def _new_client(self, service: str) -> Any:
        import boto3  # noqa: PLC0415
        import botocore.session  # noqa: PLC0415 - a quarter of a second that `--help` need not wait for
        from botocore.config import Config  # noqa: PLC0415
        from botocore.exceptions import BotoCoreError  # noqa: PLC0415

        retries: Any = {"mode": "standard"}
        try:
            if self.endpoint is None:
                aws: Any = boto3.Session(profile_name=self.profile)
                return aws.client(service, config=Config(retries=retries))
            # An engine on this machine is never behind this machine's proxy.
            session: Any = boto3.Session(
                # Nor is it in this person's AWS configuration, which may name a profile that is not even there.
                botocore_session=botocore.session.Session(dict.fromkeys(("profile", "config_file"), NOTHING)),
                aws_access_key_id=self.credentials["AWS_ACCESS_KEY_ID"],
                aws_secret_access_key=self.credentials["AWS_SECRET_ACCESS_KEY"],
                aws_session_token=self.credentials.get("AWS_SESSION_TOKEN"),
                region_name=self.credentials["AWS_REGION"],
            )
            config = Config(proxies={}, s3={"addressing_style": "path"}, retries=retries)
            return session.client(service, endpoint_url=self.endpoint, config=config)
        except BotoCoreError as error:
            raise TakeawayError(f"AWS can't be reached: {error}") from error


def resolve(
    home: Home,
    *,
    stage: str | None = None,
    profile: str | None = None,
    environment: Mapping[str, str] = os.environ,
) -> Target:
    """The system that a command means: AWS_ENDPOINT_URL, else a profile, else the engine started from `home`."""
    if endpoint := environment.get("AWS_ENDPOINT_URL", "").rstrip("/"):
        return at_endpoint(home, endpoint, stage=stage, environment=environment)
    if profile := profile or environment.get("AWS_PROFILE"):
        return Target(home, stage or DEFAULT_STAGE, profile=profile)
    running = home.running()
    if running is None:
        raise NoRunningSystem
    return Target(home, stage or running.stage, endpoint=running.endpoint)


def at_endpoint(home: Home, endpoint: str, *, stage: str | None, environment: Mapping[str, str]) -> Target:
    """An engine that someone else runs; credentials are the caller's own, or those that every engine takes."""
    defaults = CREDENTIALS | {"AWS_REGION": environment.get("AWS_DEFAULT_REGION", REGION)}
    given = {name: environment[name] for name in FROM_ENVIRONMENT if environment.get(name)}
    return Target(home, stage or DEFAULT_STAGE, endpoint=endpoint, credentials=defaults | given)
