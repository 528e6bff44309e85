"""Out of quarantine: what can be read by now goes where it belongs."""

import json
import tempfile
from dataclasses import dataclass
from pathlib import Path

from contexts.analytics import zones
from contexts.analytics.ingest import Message, ingest
from contexts.analytics.zones import Lake


@dataclass
class Released:
    released: int = 0
    kept: int = 0


def release(lake: Lake) -> Released:
    """Try every message in quarantine again; what still can't be read stays. Can be run as often as one likes."""
    done = Released()
    for name in lake.names(zones.QUARANTINE):
        with tempfile.TemporaryDirectory(prefix="quarantine-") as folder:
            for file in lake.fetch([name], Path(folder)):
                message = _message(file.read_bytes())
                result = ingest([message], lake) if message else None
                if result is None or result.failed or result.quarantined:
                    done.kept += 1
                else:
                    lake.delete([name])
                    done.released += 1
    return done


def _message(content: bytes) -> Message | None:
    """None for an object that ingestion has not put there, or that somebody has changed by hand: it stops no other."""
    try:
        found = json.loads(content)
        return Message(str(found["message_id"]), str(found["body"]))
    except (ValueError, KeyError, TypeError):
        return None
