"""An engine for one run: on a port that is free, with a folder of its own, and gone after the `with` block."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from takeaway.run.engine import process
from takeaway.run.engine.home import EngineRecord, Home


@contextmanager
def engine_of_its_own(what_for: str, *, stage: str) -> Iterator[tuple[Home, EngineRecord]]:
    """Its state folder has whatever else the run needs beside it. Of a run that fails the logs stay, to be read."""
    folder = Path(tempfile.mkdtemp(prefix=f"takeaway-{what_for}-"))
    home, logs = Home(folder), dict[Path, bytes]()
    try:
        record = process.start_anywhere(home, stage=stage)
        try:
            yield home, record
        finally:
            process.stop(home, record)
    except Exception:  # not an interrupt, of which there is nothing to be found out
        logs = {log: log.read_bytes() for log in folder.rglob("*.log")}
        raise
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        for log, said in logs.items():
            log.parent.mkdir(parents=True, exist_ok=True)
            log.write_bytes(said)
