"""Run an engine for the time of a `with` block, on a free port and with a state folder of its own."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from takeaway.run.engine import process
from takeaway.run.engine.home import EngineRecord, Home


@contextmanager
def engine_of_its_own(what_for: str, *, stage: str) -> Iterator[tuple[Home, EngineRecord]]:
    """Start an engine, yield its state folder and record, and remove both at the end. Logs of a failed run stay."""
    folder = Path(tempfile.mkdtemp(prefix=f"takeaway-{what_for}-"))
    home, logs = Home(folder), dict[Path, bytes]()
    try:
        record = process.start_anywhere(home, stage=stage)
        try:
            yield home, record
        finally:
            process.stop(home, record)
    except Exception:  # not for an interrupt: there is no failure to look into
        logs = {log: log.read_bytes() for log in folder.rglob("*.log")}
        raise
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        for log, said in logs.items():
            log.parent.mkdir(parents=True, exist_ok=True)
            log.write_bytes(said)
