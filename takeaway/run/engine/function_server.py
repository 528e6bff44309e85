"""Import the libraries of functions once, and fork a process from that for each function that the engine starts.

Run by path with the engine's own interpreter. It has nothing of this project in it or on its path, so that a function
finds what its own code brings and no more. `forked_functions.py` starts it and asks it.

A request is one message of the control socket: JSON with `script`, `cwd` and `env`, and three file descriptors for the
process's standard input, output and error. The answer is the process's id, as text.
"""

import contextlib
import gc
import importlib
import json
import os
import runpy
import signal
import socket
import sys
import time

LIBRARIES = (
    "aws_lambda_powertools.event_handler.router",
    "aws_lambda_powertools.logging",
    "aws_lambda_powertools.metrics",
    "aws_lambda_powertools.utilities.batch",
    "aws_lambda_powertools.utilities.parser.models",
    "boto3.dynamodb.types",
    "boto3.session",
    "botocore.client",
    "email_validator",
    "iso4217",
    "jwt",
    "pydantic.networks",
)
LONGEST_REQUEST = 128 * 1024  # bytes; a function's environment is at most 4 KB
STREAMS = 3


def become_function(script: str, cwd: str, env: dict[str, str], streams: list[int]) -> None:
    """Turn this copy into what `python script` in that folder and environment would be, and run it."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(env)
    time.tzset()
    sys.argv = [script]
    sys.path.insert(0, os.path.dirname(script))  # noqa: PTH120 - pathlib is not imported for it
    runpy.run_path(script, run_name="__main__")


def serve(control: socket.socket) -> None:
    """Answer requests until the engine, which has the other end, is gone."""
    while True:
        message, streams, _, _ = socket.recv_fds(control, LONGEST_REQUEST, STREAMS)
        if not message:
            return
        pid = os.fork()
        if pid == 0:
            control.close()
            become_function(**json.loads(message), streams=streams)
            return
        for stream in streams:
            os.close(stream)
        control.send(str(pid).encode())


def main() -> None:
    del sys.path[0]  # this file's folder
    for library in LIBRARIES:
        with contextlib.suppress(ImportError):
            importlib.import_module(library)
    gc.freeze()  # what is imported stays shared by all copies
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # so an ended copy leaves no zombie
    serve(socket.socket(fileno=int(sys.argv[1])))


if __name__ == "__main__":
    main()
