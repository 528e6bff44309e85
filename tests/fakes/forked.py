"""The program without reading it again: `python -m tests.fakes.forked` imports it once, and forks for each call.

A call is a line of JSON on stdin: what was typed, the environment, the folder, and the files that are its stdin, stdout
and stderr. It is a process of its own, from the way in to the exit code, which is written as a line to stdout.
"""

import gc
import json
import os
import sys
from typing import Any

import boto3  # noqa: F401 - commands that ask an engine need it

import takeaway.main  # noqa: F401 - half a second of CPU
from takeaway.__main__ import run

READ, WRITE = os.O_RDONLY, os.O_WRONLY


def main() -> None:
    gc.freeze()  # else each collector would go through it, and copy it
    while line := sys.stdin.readline():
        child = os.fork()
        if child == 0:
            become(json.loads(line))
            run()
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def become(call: dict[str, Any]) -> None:
    """Take on the arguments, environment, folder and files of a call, as if a person had started the program so."""
    for number, (file, how) in enumerate(zip(call["files"], (READ, WRITE, WRITE), strict=True)):
        os.dup2(os.open(file, how), number)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - the one before may have read ahead
    os.environ.clear()
    os.environ.update(call["environment"])
    os.chdir(call["folder"])
    sys.argv = ["takeaway", *call["arguments"]]


if __name__ == "__main__":
    main()
