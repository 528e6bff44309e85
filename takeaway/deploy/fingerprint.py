"""Whether a deployment would change anything: a hash of all that the templates are made from."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from takeaway.paths import REPOSITORY

# app.py and cdk.json list the stacks, the folders hold what is in them; locks pin the tools that read all of it.
SOURCES = (
    "app.py", "cdk.json", "contexts", "examples", "shared", "requirements", "package-lock.json",
)  # fmt: skip
IGNORED = ("__pycache__",)


def fingerprint(context: Mapping[str, Any], repository: Path = REPOSITORY) -> str:
    digest = hashlib.sha256(json.dumps(dict(context), sort_keys=True).encode())
    for file in _files(repository):
        digest.update(str(file.relative_to(repository)).encode() + b"\0")
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def _files(repository: Path) -> Iterator[Path]:
    for source in SOURCES:
        path = repository / source
        found = sorted(path.rglob("*")) if path.is_dir() else [path]
        yield from (file for file in found if file.is_file() and not set(IGNORED) & set(file.parts))
