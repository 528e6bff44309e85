"""Find out which engine answers at an endpoint, and its traits. Only this module knows how engines differ."""

import json
import platform
import sys
import urllib.request
from dataclasses import dataclass
from enum import StrEnum
from http.client import HTTPException

TIMEOUT_SECONDS = 5
AWS_PYTHON = "3.13"
UNKNOWN = "unknown"
LOCALSTACK_HOST = "localhost.localstack.cloud"  # LocalStack's DNS resolves it in the containers that it starts
_WITHOUT_PROXY = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class EngineKind(StrEnum):
    MINISTACK = "MiniStack"
    LOCALSTACK = "LocalStack"
    AWS = "AWS"


@dataclass(frozen=True)
class Traits:
    """The differences of an engine that deployments and commands allow for; the defaults are AWS's behaviour."""

    kind: EngineKind
    dependencies: str = "layer"  # where packages are: in a "layer", in each "bundle", or installed in the "engine"
    python: str = AWS_PYTHON
    architecture: str = "arm64"
    archive_in_template: bool = True  # CloudFormation makes the bus's archive; else the API does
    keeps_ttl: bool = True  # CloudFormation sets a table's time to live; else the API does
    glue: bool = True  # has the catalogue that Athena reads
    write_once: bool = True  # knows the policy condition s3:if-none-match, with which objects are written once
    stops_waits: bool = True  # an execution that waits for an answer ends when it is stopped
    replays: bool = True  # can replay an archive to chosen rules
    schema_registry: bool = True  # has EventBridge's registry of schemas
    durable_functions: bool = True  # runs Lambda's durable functions
    mail_events: bool = True  # has configuration sets of SES
    dead_letter_seconds: int | None = None  # time until a message that always fails is a dead letter; None: as on AWS
    api_id_tag: str | None = None  # a tag that fixes the API's id; without one each new API has another id
    dates_updates: bool = True  # a stack's LastUpdatedTime is that of its last deployment
    restages_api: bool = True  # False: replacing the API's deployment loses the API's stage
    mails: str | None = None  # the path where the engine lists the e-mails that it recorded
    host_of_functions: str | None = None  # the engine's host name as functions see it, if it is another one
    patience: int = 3  # a factor for timeouts, compared with the embedded engine


def fetch(url: str) -> bytes | None:
    """Return what an engine on this machine answers; None when it does not. Never goes through a proxy."""
    try:
        with _WITHOUT_PROXY.open(url, timeout=TIMEOUT_SECONDS) as answer:
            content: bytes = answer.read()
            return content
    except (OSError, HTTPException):  # nothing listens there, or it does not speak HTTP
        return None


def kind_of(endpoint: str | None) -> EngineKind | None:
    """Return the engine that answers at an endpoint; None when none does. No endpoint means AWS."""
    if endpoint is None:
        return EngineKind.AWS
    # MiniStack answers to LocalStack's path as well, so its own is asked first.
    if fetch(f"{endpoint}/_ministack/health") is not None:
        return EngineKind.MINISTACK
    if fetch(f"{endpoint}/_localstack/health") is not None:
        return EngineKind.LOCALSTACK
    return None


def is_image(endpoint: str) -> bool:
    """True if this LocalStack runs from its image: then its functions are containers, each with its own localhost."""
    return fetch_json(f"{endpoint}/_localstack/info").get("edition", UNKNOWN) != UNKNOWN  # the image names its edition


def traits_of(kind: EngineKind, *, containers: bool = False) -> Traits:
    local_python = f"{sys.version_info.major}.{sys.version_info.minor}"
    local_architecture = "arm64" if platform.machine() in ("arm64", "aarch64") else "x86_64"
    match kind:
        case EngineKind.MINISTACK:
            return Traits(
                kind,
                dependencies="engine",
                python=local_python,
                architecture=local_architecture,
                archive_in_template=False,
                keeps_ttl=False,
                schema_registry=False,
                write_once=False,
                dead_letter_seconds=60,
                api_id_tag="ms-custom-id",
                mails="/_ministack/ses/messages",
                patience=1,
            )
        case EngineKind.LOCALSTACK:
            return Traits(
                kind,
                dependencies="bundle" if containers else "layer",  # the free image ignores layers
                python=AWS_PYTHON if containers else local_python,
                architecture=local_architecture,
                archive_in_template=False,  # CloudFormation accepts it without making it
                glue=False,
                stops_waits=False,  # it goes on until the wait is over
                replays=False,  # StartReplay fails if the archive has an event, and ignores chosen rules
                schema_registry=False,
                durable_functions=False,
                mail_events=False,  # CloudFormation accepts them without making any
                dates_updates=False,  # it stays the time at which the stack was made
                restages_api=False,
                mails="/_aws/ses",
                host_of_functions=LOCALSTACK_HOST if containers else None,
            )
        case EngineKind.AWS:
            return Traits(kind)


def fetch_json(url: str) -> dict[str, object]:
    content = fetch(url)
    try:
        parsed = json.loads(content) if content else {}
    except ValueError:
        return {}
    return parsed if isinstance(parsed, dict) else {}
