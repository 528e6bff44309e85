"""Which engine an endpoint is, and what follows from it. The one place that knows how engines differ."""

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
LOCALSTACK_HOST = "localhost.localstack.cloud"  # in containers that LocalStack starts its DNS says where that is
_WITHOUT_PROXY = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class EngineKind(StrEnum):
    MINISTACK = "MiniStack"
    LOCALSTACK = "LocalStack"
    AWS = "AWS"


@dataclass(frozen=True)
class Traits:
    """What a deployment has to know of its engine. What is not said of one is as on AWS."""

    kind: EngineKind
    dependencies: str = "layer"  # or in each "bundle"; "engine": importable there already
    python: str = AWS_PYTHON
    architecture: str = "arm64"
    archive_in_template: bool = True  # else it is made through the API
    keeps_ttl: bool = True  # else a table's time to live is switched on through the API
    glue: bool = True  # has the catalogue that Athena reads
    write_once: bool = True  # knows a policy's condition that an object is not there yet (s3:if-none-match)
    replays: bool = True  # gives events of an archive to chosen rules once more
    schema_registry: bool = True  # has EventBridge's registry of schemas
    mail_events: bool = True  # has configuration sets of SES
    dead_letter_seconds: int | None = None  # until a message that always fails is given up; None: as AWS recommends
    api_id_tag: str | None = None  # by which an API gets an id that stays, else each deployment anew has another
    restages_api: bool = True  # else the API's stage is lost with the deployment that a new one replaces
    mails: str | None = None  # where the engine shows the e-mails that it was asked to send
    host_of_functions: str | None = None  # by which they reach the engine, when not by the endpoint as everyone does
    patience: int = 3  # how many times longer than on the embedded engine something may take


def fetch(url: str) -> bytes | None:
    """What an engine on this machine answers; None when it does not. Never through a proxy."""
    try:
        with _WITHOUT_PROXY.open(url, timeout=TIMEOUT_SECONDS) as answer:
            content: bytes = answer.read()
            return content
    except (OSError, HTTPException):  # nobody, or somebody who speaks another language than HTTP
        return None


def kind_of(endpoint: str | None) -> EngineKind | None:
    """The engine that answers there; None when nothing does. No endpoint means AWS itself."""
    if endpoint is None:
        return EngineKind.AWS
    # MiniStack answers to LocalStack's path as well, so its own is asked first.
    if fetch(f"{endpoint}/_ministack/health") is not None:
        return EngineKind.MINISTACK
    if fetch(f"{endpoint}/_localstack/health") is not None:
        return EngineKind.LOCALSTACK
    return None


def is_image(endpoint: str) -> bool:
    """Whether this LocalStack runs from its image: then functions are containers, each with a localhost of its own."""
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
                dependencies="bundle" if containers else "layer",  # the free image gives its containers no layers
                python=AWS_PYTHON if containers else local_python,
                architecture=local_architecture,
                archive_in_template=False,  # would be taken and silently not made
                glue=False,
                replays=False,  # StartReplay fails on any event in the archive, and knows nothing of chosen rules
                schema_registry=False,
                mail_events=False,  # its CloudFormation takes them and makes none
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
