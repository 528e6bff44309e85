"""Start the program, with Ctrl-C handled before the other modules are loaded, which takes a quarter of a second."""

import gc
import os
import signal
from types import FrameType


def _nothing_began(number: int, _: FrameType | None) -> None:
    os.write(2, "✗ Interrupted: nothing had begun.\n".encode())
    os._exit(128 + number)


def run() -> None:
    gc.disable()  # looking for garbage that is not there yet would be a sixth of the start
    # False in the background of a shell, which lets its background processes ignore SIGINT.
    heeds = signal.getsignal(signal.SIGINT) is signal.default_int_handler
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
