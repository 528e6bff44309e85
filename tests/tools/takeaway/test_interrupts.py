"""Ctrl-C at a bad moment: delayed until it is known which process to stop, and ignored while stopping."""

import signal
from collections.abc import Iterator

import pytest

from takeaway.interrupts import end_at_once, held_back, to_the_end


@pytest.fixture(autouse=True)
def heeding() -> Iterator[None]:
    """Restore the handler of Ctrl-C, which a test run in the background of a shell ignores."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def test_an_interrupt_comes_when_the_block_is_over_and_not_before() -> None:
    done: list[str] = []

    def start() -> None:
        with held_back():
            signal.raise_signal(signal.SIGINT)
            done.append("a process is started and known")

    with pytest.raises(KeyboardInterrupt):
        start()
    assert done
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_what_stops_things_is_not_stopped_half_way() -> None:
    with to_the_end():
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_what_ignores_an_interrupt_goes_on_to_ignore_it() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)  # as nohup does
    try:
        with held_back():
            signal.raise_signal(signal.SIGHUP)
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)


def test_being_told_to_end_has_the_exit_code_of_its_signal() -> None:
    with pytest.raises(SystemExit) as raised:
        end_at_once(signal.SIGTERM, None)
    assert raised.value.code == 143
