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
                found = json.loads(file.read_bytes())
                result = ingest([Message(found["message_id"], found["body"])], lake)
                if result.failed or result.quarantined:
                    done.kept += 1
                else:
                    lake.delete([name])
                    done.released += 1
    return done
