"""Whether a deployment would change anything: a hash of all that the templates are made from."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from takeaway.run.deploy.apps import CdkApp, everything

IGNORED = ("__pycache__", "cdk.out")


def fingerprint(context: Mapping[str, Any], app: CdkApp | None = None) -> str:
    """Of an app, or of everything, with the parameters that it is given."""
    app = app or everything()
    digest = hashlib.sha256(json.dumps([app.command[1:], dict(context)], sort_keys=True).encode())
    for file in _files(app):
        digest.update(str(file.relative_to(app.repository)).encode() + b"\0")
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def _files(app: CdkApp) -> Iterator[Path]:
    for source in app.sources:
        path = app.repository / source
        found = sorted(path.rglob("*")) if path.is_dir() else [path]
        yield from (file for file in found if file.is_file() and not set(IGNORED) & set(file.parts))
