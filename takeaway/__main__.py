"""The way in, which hears Ctrl-C before the rest of the program is read: that takes a quarter of a second."""

import gc
import os
import signal
from types import FrameType


def _nothing_began(number: int, _: FrameType | None) -> None:
    os.write(2, "✗ Interrupted: nothing had begun.\n".encode())
    os._exit(128 + number)


def run() -> None:
    gc.disable()  # a sixth of the start would go into looking for garbage that is not there yet
    heeds = signal.getsignal(signal.SIGINT) is signal.default_int_handler  # not one in the background of a shell
    if heeds:
        signal.signal(signal.SIGINT, _nothing_began)
    from takeaway.main import run as command  # noqa: PLC0415

    if heeds:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    gc.freeze()
    gc.enable()
    command()


if __name__ == "__main__":
    run()
