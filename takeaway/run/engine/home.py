"""The state folder, in which commands keep what the next command has to know about the engine and its deployments."""

import fcntl
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from takeaway.errors import EngineError
from takeaway.paths import REPOSITORY
from takeaway.waiting import waiting_for

DEFAULT = REPOSITORY / ".takeaway"
# The files that commands make. Anything else in the folder is the user's (TAKEAWAY_HOME may be any folder).
OURS = (
    "*.log", "*.lock", "bundles", "cdk-home", "cdk.out", "demo.html", "deployed-*.json", "engine.json",
    "issuer-key.pem", "placed-*.json", "tmp",
)  # fmt: skip


@dataclass(frozen=True)
class EngineRecord:
    """The process, port and default stage of an engine that was started from this folder."""

    pid: int
    port: int
    stage: str

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def told(self, log: Path) -> str:
        """Tell that this engine died."""
        return f"The engine (process {self.pid}) died; its orders are gone; its log: {log}"


class Home:
    """A folder with the engine's record, locks, log and scratch space, and with the local issuer's key.

    The engine keeps the lock file locked for as long as it lives. A taken lock therefore proves that the recorded
    process is the engine, and not another process that was given the same id later.
    """

    def __init__(self, folder: Path | None = None) -> None:
        # Absolute, because it is passed to processes with another working folder.
        self.folder = (folder or Path(os.environ.get("TAKEAWAY_HOME") or DEFAULT)).absolute()
        self.log = self.folder / "engine.log"
        self.log_of_dead = self.folder / "engine-died.log"
        self.scratch = self.folder / "tmp"
        self.assemblies = self.folder / "cdk.out"
        self.bundles = self.folder / "bundles"
        self.issuer_key = self.folder / "issuer-key.pem"
        self._record = self.folder / "engine.json"
        self._lock = self.folder / "engine.lock"
        self._turn = self.folder / "deploying.lock"

    def running(self) -> EngineRecord | None:
        """Return the engine that runs from this folder; None if none does, even if one is still recorded."""
        return self._recorded() if self.locked() else None

    def died(self) -> EngineRecord | None:
        """Return an engine that ended without being stopped: it is recorded, but does not hold the lock any more."""
        return None if self.locked() else self._recorded()

    def bury(self) -> EngineRecord | None:
        """Forget an engine that died, and return it; its log is kept until another one dies."""
        died = self.died()
        if died:
            with suppress(FileNotFoundError):
                self.log.replace(self.log_of_dead)
            self.forget()
        return died

    def _recorded(self) -> EngineRecord | None:
        record = _read(self._record)
        kinds = {"pid": int, "port": int, "stage": str}
        if record is None or {name: type(value) for name, value in record.items()} != kinds:
            return None  # written by another version of this program
        return EngineRecord(**record)

    def locked(self) -> bool:
        """True if an engine of this folder runs or is starting."""
        if not self._lock.exists():
            return False
        with self._lock.open("r+") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
        return False

    @contextmanager
    def lock_to_pass_on(self) -> Iterator[int]:
        """Lock the lock file, and yield its descriptor for the engine to inherit: the engine's life keeps the lock.

        Raises EngineError if another engine has it.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        with self._lock.open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise EngineError(
                    "Another engine is just starting from the same folder: wait for it, or give this one its own "
                    "with TAKEAWAY_HOME."
                ) from None
            yield lock.fileno()

    @contextmanager
    def turn(self, command: str, wait_for: Callable[[str], None]) -> Iterator[None]:
        """Hold the folder's deployment lock while the block runs.

        Deployments must run one after the other, because each reads what the last has recorded and writes it anew.
        `wait_for` hears which command this one waits for. A killed process loses the lock.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        with self._turn.open("a+", encoding="utf-8") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                lock.seek(0)
                wait_for(at_work := lock.read().strip() or "another command")
                with waiting_for(f"waiting for the end of {at_work}"):
                    fcntl.flock(lock, fcntl.LOCK_EX)
            lock.truncate(0)
            lock.write(f"{command} (process {os.getpid()})\n")
            lock.flush()
            shutil.rmtree(self.assemblies, ignore_errors=True)  # left by a command that was killed
            try:
                yield
            finally:
                lock.truncate(0)

    def new_assembly(self, stage: str) -> Path:
        """Make an empty folder for one synthesis."""
        self.assemblies.mkdir(parents=True, exist_ok=True)
        return Path(tempfile.mkdtemp(prefix=f"{stage}-", dir=self.assemblies))

    def last_assembly(self, stage: str) -> Path:
        """Return the folder of the stage's latest synthesis. The next command that deploys removes it."""
        return max(self.assemblies.glob(f"{stage}-*"), key=lambda folder: folder.stat().st_mtime_ns)

    def remember(self, record: EngineRecord) -> None:
        _write(self._record, asdict(record))

    def forget(self) -> None:
        """Remove the records and scratch files of an engine that has ended. Its log stays."""
        remembered = [each for what in ("deployed", "placed") for each in self.folder.glob(f"{what}-*.json")]
        for file in (self._record, *remembered):
            file.unlink(missing_ok=True)
        shutil.rmtree(self.scratch, ignore_errors=True)

    def remove(self) -> bool:
        """Remove the folder, unless it has files that no command has made. Returns True if it is gone."""
        if not self.folder.is_dir():
            return True
        if not all(any(fnmatch(entry.name, ours) for ours in OURS) for entry in self.folder.iterdir()):
            return False
        shutil.rmtree(self.folder)
        return True

    def deployed(self, stage: str, endpoint: str) -> dict[str, Any]:
        """Return what the last deployment of this stage to this endpoint recorded; empty if there was none."""
        facts = _read(self.folder / f"deployed-{stage}.json") or {}
        return facts if facts.get("endpoint") == endpoint else {}

    def forget_deployed(self, stage: str) -> None:
        (self.folder / f"deployed-{stage}.json").unlink(missing_ok=True)

    def remember_deployed(self, stage: str, endpoint: str, facts: dict[str, Any]) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        _write(self.folder / f"deployed-{stage}.json", {"endpoint": endpoint, **facts})

    def remember_placed(self, stage: str, endpoint: str, order_id: str) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        _write(self.folder / f"placed-{stage}.json", {"endpoint": endpoint, "order_id": order_id})

    def placed_last(self, stage: str, endpoint: str) -> str | None:
        """Return the id of the order that was placed last from this folder on this stage of this endpoint."""
        found = _read(self.folder / f"placed-{stage}.json") or {}
        return str(found["order_id"]) if found.get("endpoint") == endpoint and "order_id" in found else None


def _read(file: Path) -> dict[str, Any] | None:
    try:
        content = json.loads(file.read_text())
    except (OSError, ValueError):
        return None
    return content if isinstance(content, dict) else None


def _write(file: Path, content: dict[str, Any]) -> None:
    """Write a file atomically, because another command may be reading it."""
    with tempfile.NamedTemporaryFile("w", prefix=f".{file.stem}-", dir=file.parent, delete=False) as unfinished:
        unfinished.write(json.dumps(content, indent=2) + "\n")
    Path(unfinished.name).replace(file)
