"""Let MiniStack start functions as copies of a process that has imported boto3, Powertools and pydantic already.

A new interpreter takes a third of a second of CPU for these, for each function and each time that it begins anew. In a
copy only the function's own code is imported and its clients are made, which is what its author can change.

Imported by the engine's own interpreter: the standard library only.
"""

import contextlib
import inspect
import io
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from takeaway.run.engine.mending import expected_once

SERVER = Path(__file__).with_name("function_server.py")
LAYERS = "_LAMBDA_LAYERS_DIRS"  # MiniStack's own variable: the folders of a function's layers
STARTS_A_WORKER = "self._proc = subprocess.Popen(\n            [binary, worker_path],"


class FunctionServer:
    """Starts with the first function, and ends with the engine."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._control: socket.socket | None = None

    def fork(self, request: dict[str, Any], streams: list[int]) -> int:
        """Return the id of a new process. Raises OSError if the server has gone; the next call starts another."""
        with self._lock:
            control, self._control = self._control or _started(), None
            socket.send_fds(control, [json.dumps(request).encode()], streams)
            answer = control.recv(64)
            if not answer:
                raise ConnectionResetError("the server of functions has ended")
            self._control = control
            return int(answer)


def _started() -> socket.socket:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs:
        command = [sys.executable, str(SERVER), str(theirs.fileno())]
        subprocess.Popen(command, stdin=subprocess.DEVNULL, pass_fds=[theirs.fileno()])  # noqa: S603 - our own
    return ours


class Fork:
    """A function's process, with what MiniStack uses of `subprocess.Popen`. Its exit code is not known: 0."""

    def __init__(self, server: FunctionServer, script: str, cwd: str, env: dict[str, str]) -> None:
        (stdin, to_stdin), (from_stdout, stdout), (from_stderr, stderr) = os.pipe(), os.pipe(), os.pipe()
        self.stdin = open(to_stdin, "w", buffering=1)  # noqa: PTH123, SIM115 - a descriptor, open as long as the process
        self.stdout = open(from_stdout)  # noqa: PTH123, SIM115
        self.stderr = open(from_stderr)  # noqa: PTH123, SIM115
        self._process: io.RawIOBase | None = None  # not its id, which could be another process's by now
        theirs = [stdin, stdout, stderr]
        try:
            self.pid = server.fork({"script": script, "cwd": cwd, "env": env}, theirs)
            with contextlib.suppress(ProcessLookupError):  # it has ended already
                self._process = os.fdopen(os.pidfd_open(self.pid), "rb", buffering=0)
        finally:
            for descriptor in theirs:
                os.close(descriptor)

    def poll(self) -> int | None:
        return self._ended(0)

    def wait(self, timeout: float | None = None) -> int:
        """Return when the process has ended. Raises TimeoutExpired after `timeout` seconds."""
        code = self._ended(timeout)
        if code is None:
            raise subprocess.TimeoutExpired("a function", timeout or 0)
        return code

    def terminate(self) -> None:
        self._send(signal.SIGTERM)

    def kill(self) -> None:
        self._send(signal.SIGKILL)

    def _ended(self, timeout: float | None) -> int | None:
        if self._process is None:
            return 0
        ending = select.poll()
        ending.register(self._process, select.POLLIN)
        return 0 if ending.poll(None if timeout is None else timeout * 1000) else None

    def _send(self, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError):
            if self._process is not None:
                signal.pidfd_send_signal(self._process.fileno(), number)


def fork_functions(runtime: Any) -> None:
    """Let MiniStack start functions in Python as copies, on Linux; elsewhere a copy may not be able to use the network.

    A function with layers brings libraries of its own, so it gets a new interpreter as before.
    """
    expected_once(inspect.getsource(runtime.Worker._spawn), STARTS_A_WORKER)
    if sys.platform != "linux" or not hasattr(os, "pidfd_open"):
        return
    server = FunctionServer()

    def started(command: list[str], **how: Any) -> Any:
        cwd, env = how.get("cwd"), how.get("env") or {}
        if command[0] == sys.executable and cwd and not env.get(LAYERS):
            with contextlib.suppress(OSError):
                return Fork(server, command[1], cwd, env)
        return subprocess.Popen(command, **how)  # noqa: S603 - MiniStack's own call

    runtime.subprocess = SimpleNamespace(**{**vars(subprocess), "Popen": started})
