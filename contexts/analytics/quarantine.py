"""Releases messages from quarantine: those that can be read by now go to the raw zone."""

import json
import tempfile
from dataclasses import dataclass
from pathlib import Path

from contexts.analytics import zones
from contexts.analytics.ingest import Message, ingest
from contexts.analytics.ports import Lake, LakeUnavailable


@dataclass
class Released:
    released: int = 0
    kept: int = 0


def release(lake: Lake) -> Released:
    """Try every message in quarantine again; those that still can't be read stay. Can be repeated at will."""
    done = Released()
    for name in zones.ours(lake.names(zones.QUARANTINE)):
        try:
            _release(name, lake, done)
        except LakeUnavailable:  # perhaps only this object; the others are tried all the same
            done.kept += 1
    return done


def _release(name: str, lake: Lake, done: Released) -> None:
    with tempfile.TemporaryDirectory(prefix="quarantine-") as folder:
        for file in lake.fetch([name], Path(folder)):
            message = _message(file)
            result = ingest([message], lake) if message else None
            if result is None or result.failed or result.quarantined:
                done.kept += 1
            else:
                lake.delete([name])
                done.released += 1


def _message(file: Path) -> Message | None:
    """Read a quarantined object.

    Returns None for an object that ingestion has not written or that was changed by hand, so that it stops no other.
    """
    try:
        found = json.loads(file.read_bytes())
        return Message(str(found["message_id"]), str(found["body"]))
    except (ValueError, KeyError, TypeError, RecursionError, OSError):
        return None
