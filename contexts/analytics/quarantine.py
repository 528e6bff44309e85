"""Out of quarantine: what can be read by now goes where it belongs."""

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
    """Try every message in quarantine again; what still can't be read stays. Can be run as often as one likes."""
    done = Released()
    for name in zones.ours(lake.names(zones.QUARANTINE)):
        try:
            _release(name, lake, done)
        except LakeUnavailable:  # this object, perhaps, and no other; if it is all of them, all are kept
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
    """None for an object that ingestion has not put there, or that somebody has changed by hand: it stops no other."""
    try:
        found = json.loads(file.read_bytes())
        return Message(str(found["message_id"]), str(found["body"]))
    except (ValueError, KeyError, TypeError, RecursionError, OSError):
        return None
