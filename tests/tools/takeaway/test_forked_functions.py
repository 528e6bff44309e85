"""Functions' processes that are copies of one with its libraries imported: each is as new as a new interpreter."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from takeaway.run.engine import forked_functions
from takeaway.run.engine.mending import IncompatibleEngine
from takeaway.waiting import await_until
from tests.fakes.processes import lives

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere functions get new interpreters")
Start = Callable[..., Any]
ECHO = "import sys\nfor line in sys.stdin: print(line.upper(), end='', flush=True)\n"
TELL = """
import importlib.util, json, os, sys
print(json.dumps({
    "folder": os.getcwd(), "environment": dict(os.environ), "arguments": sys.argv, "beside": sys.path[0],
    "libraries": "boto3" in sys.modules, "project": "takeaway" in sys.modules,
    "server": bool(importlib.util.find_spec("function_server")), "name": __name__,
}), flush=True)
print("said", file=sys.stderr)
"""


class Worker:
    """Starts its process as MiniStack does."""

    def _spawn(self, binary: str, worker_path: str) -> None:
        self._proc = subprocess.Popen(
            [binary, worker_path],
        )


@pytest.fixture
def runtime() -> Any:
    changed = SimpleNamespace(Worker=Worker)
    forked_functions.fork_functions(changed)
    return changed


@pytest.fixture
def start(runtime: Any, tmp_path: Path) -> Iterator[Start]:
    """Return what starts a script, or a command, in an environment, as MiniStack would; all end with the test."""
    processes: list[Any] = []

    def started(script: str, *, environment: dict[str, str] | None = None) -> Any:
        path = tmp_path / "_worker.py"
        path.write_text(script, encoding="utf-8")
        pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
        process = runtime.subprocess.Popen(
            [sys.executable, str(path)], cwd=str(tmp_path), env=environment or {}, text=True, bufsize=1, **pipes
        )
        processes.append(process)
        return process

    yield started
    for each in processes:
        each.kill()
        each.wait(10)
        for stream in (each.stdin, each.stdout, each.stderr):
            stream.close()


def parent_of(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def test_a_copy_runs_its_script_as_a_new_interpreter_would_with_the_libraries_imported(
    start: Start, tmp_path: Path
) -> None:
    process = start(TELL, environment={"TABLE": "orders"})
    assert json.loads(process.stdout.readline()) == {
        "folder": str(tmp_path),
        "environment": {"TABLE": "orders"},
        "arguments": [str(tmp_path / "_worker.py")],
        "beside": str(tmp_path),
        "libraries": True,
        "project": False,
        "server": False,
        "name": "__main__",
    }
    assert process.stderr.readline() == "said\n"
    assert process.wait(10) == 0


def test_what_one_copy_changes_no_other_sees(start: Start) -> None:
    first = start("import sys, boto3\nboto3.changed = True\nprint('done', flush=True)\n")
    assert first.stdout.readline() == "done\n"
    assert start("import boto3\nprint(hasattr(boto3, 'changed'), flush=True)\n").stdout.readline() == "False\n"


def test_two_copies_draw_different_random_numbers(start: Start) -> None:
    drawn = [start("import random\nprint(random.random(), flush=True)\n").stdout.readline() for _ in range(2)]
    assert drawn[0] != drawn[1]


def test_a_copy_answers_line_by_line_and_lives_until_it_is_ended(start: Start) -> None:
    process = start(ECHO)
    for said in ("one\n", "two\n"):
        process.stdin.write(said)
        process.stdin.flush()
        assert process.stdout.readline() == said.upper()
    assert process.poll() is None
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(0.01)
    process.terminate()
    assert process.wait(10) == 0
    assert process.poll() == 0
    process.terminate()  # once more, as MiniStack may


def test_a_copy_ends_when_nobody_writes_to_it_any_more(start: Start) -> None:
    process = start(ECHO)
    process.stdin.close()
    assert process.wait(10) == 0


def test_a_script_that_fails_tells_its_traceback_and_ends(start: Start) -> None:
    process = start("raise ValueError('no table')\n")
    assert process.stderr.read().rstrip().endswith("ValueError: no table")
    assert process.wait(10) == 0


def test_no_copy_is_left_as_a_zombie(start: Start) -> None:
    process = start("print('done', flush=True)\n")
    process.wait(10)
    assert await_until(lambda: not Path(f"/proc/{process.pid}").exists(), seconds=10, poll=0.01, what="its end")


def test_a_function_with_layers_gets_an_interpreter_of_its_own(start: Start) -> None:
    process = start(
        "import sys\nprint('boto3' in sys.modules, flush=True)\n", environment={forked_functions.LAYERS: "/x"}
    )
    assert process.stdout.readline() == "False\n"
    assert isinstance(process, subprocess.Popen)


def test_where_the_server_has_been_ended_a_function_gets_a_new_interpreter_and_the_next_one_a_new_server(
    start: Start,
) -> None:
    server = parent_of(start(ECHO).pid)
    subprocess.run(["/bin/kill", "-9", str(server)], check=True)
    assert await_until(lambda: not lives(server), seconds=10, poll=0.01, what="the server's end")
    assert isinstance(start(ECHO), subprocess.Popen)
    assert parent_of(start(ECHO).pid) != server


def test_the_server_ends_with_the_engine(start: Start, runtime: Any) -> None:
    server = parent_of(start(ECHO).pid)
    del runtime.subprocess.Popen  # what holds the engine's end of the connection
    assert await_until(lambda: not lives(server), seconds=10, poll=0.01, what="the server's end")


def test_an_engine_that_starts_functions_in_another_way_is_refused() -> None:
    class Other:
        def _spawn(self) -> None:
            pass

    with pytest.raises(IncompatibleEngine, match="is there 0 times"):
        forked_functions.fork_functions(SimpleNamespace(Worker=Other))
