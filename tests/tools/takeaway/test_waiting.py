"""Waiting is shown, in a terminal and where there is none; and nothing waits for ever."""

import ast
import io
import re
import signal
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from rich.console import Console

from takeaway import programs
from takeaway.errors import TookTooLong
from takeaway.interrupts import to_the_end
from takeaway.paths import REPOSITORY
from takeaway.waiting import await_until, beside, inheriting, open_waits, waiting_for
from takeaway.waiting_shown import told, waits_shown_on, without_waits
from tests.fakes import command_line, terminal

FAST = 0.05
# Modules that sleep or run a program without `await_until` and `takeaway.programs`, and are watched in another way.
BY_THEMSELVES = {
    "takeaway/git.py": "answers in bytes",
    "takeaway/programs.py": "is what others use",
    "takeaway/waiting.py": "is what others use",
    "takeaway/run/cli/journey_events.py": "follows until Ctrl-C",
    "takeaway/run/cli/logs.py": "follows until Ctrl-C",
    "takeaway/run/cli/timeline.py": "follows until Ctrl-C, or says what it waits for",
    "takeaway/run/client/api.py": "waits as the API asks for, and says so",
    "takeaway/run/client/dead_letters.py": "redrive says how far it is",
    "takeaway/run/demo/acts/all_others.py": "fills the bar that is seen",
    "takeaway/run/demo/columns.py": "tells what happens, and what it waits for",
    "takeaway/run/demo/scene.py": "is slow on purpose",
    "takeaway/run/deploy/tools.py": "is told line by line; and ends what runs",
    "takeaway/run/engine/durable_invocations.py": "is the engine",
    "takeaway/run/engine/forked_functions.py": "is the engine",
    "takeaway/run/engine/ministack_launcher.py": "is the engine",
    "takeaway/run/engine/process.py": "starts the engine, and waits with await_until",
    "takeaway/study/race/running.py": "its picture is told while it does",
    "takeaway/study/compare/contender.py": "polls more often than people could read; its stories are told",
}


@pytest.fixture
def page() -> Console:
    """Return a console that is no terminal."""
    return Console(file=io.StringIO(), width=200)


def said(console: Console) -> list[str]:
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue().splitlines()


def test_a_wait_says_what_for_how_long_already_and_how_much_is_done() -> None:
    with waiting_for("deploying the stacks") as wait:
        assert told(wait) == "deploying the stacks (0 s)"
        wait.share = (2, 5)
        assert told(wait) == "deploying the stacks (2 of 5) (0 s)"
    with waiting_for(lambda: "waiting for the deadline: 7 s left") as wait:
        assert told(wait) == "waiting for the deadline: 7 s left"
    with waiting_for("reading \x1b[31m") as wait:
        assert told(wait) == "reading \\x1b[31m (0 s)"
    assert open_waits() == ()


def test_what_takes_less_than_a_second_is_not_told_and_what_takes_longer_once_and_then_ever_more_seldom(
    page: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AT_FIRST", "THEN", "TICK_SECONDS"):
        monkeypatch.setattr(f"takeaway.waiting_shown.{name}", {"AT_FIRST": 0.2, "THEN": 0.4}.get(name, 0.02))
    with waits_shown_on(page):
        with waiting_for("soon over"):
            time.sleep(FAST)
        with waiting_for("slow"):
            time.sleep(1.1)
    lines = said(page)
    assert [line.partition(" (")[0] for line in lines] == ["… slow", "… slow"]
    assert without_waits("one\n… slow (1 s)\ntwo\n") == "one\ntwo\n"


def test_of_waits_within_each_other_the_innermost_is_told(page: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("takeaway.waiting_shown.AT_FIRST", 0.1)
    monkeypatch.setattr("takeaway.waiting_shown.TICK_SECONDS", 0.02)
    with waits_shown_on(page), waiting_for("takeaway up", is_all=True), waiting_for("deploying"), waiting_for("node"):
        time.sleep(0.4)
    assert said(page) == ["… node (0 s)"]


def test_what_goes_on_beside_is_not_told_not_even_of_threads_that_it_starts(
    page: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("takeaway.waiting_shown.AT_FIRST", 0.1)
    monkeypatch.setattr("takeaway.waiting_shown.TICK_SECONDS", 0.02)

    def work() -> None:
        with waiting_for("in a thread"):
            time.sleep(0.3)

    with waits_shown_on(page), beside(), ThreadPoolExecutor(1) as pool:
        pool.submit(inheriting(work)).result()
    assert said(page) == []


def test_whatever_goes_on_for_longer_than_it_may_is_ended_and_its_log_is_named(page: Console) -> None:
    put_away: list[str] = []

    def wait() -> None:
        with waiting_for("deploying", log=Path("/tmp/deploy.log")), waiting_for("the engine", limit=0.1):
            try:
                time.sleep(30)
            finally:
                time.sleep(0.6)  # meanwhile the clock ticks, but the line must not be repeated
                put_away.append("all")

    began = time.monotonic()
    with pytest.raises(TookTooLong) as raised, waits_shown_on(page):
        wait()
    assert str(raised.value) == "Not done after 0 s, and stopped: the engine; its log is /tmp/deploy.log."
    assert put_away == ["all"]
    assert time.monotonic() - began < 25
    assert signal.getsignal(signal.SIGUSR1) is signal.SIG_DFL


def test_what_somebody_asked_to_wait_for_may_take_longer_than_what_it_is_a_part_of(page: Console) -> None:
    with waits_shown_on(page), waiting_for("looking into a queue", limit=0.3):
        await_until(lambda: False, seconds=1, what="waiting for a dead letter")
        time.sleep(0.1)


def test_a_thread_that_waits_too_long_ends_what_waits_for_it(page: Console) -> None:
    def work() -> None:
        with waiting_for("a tool", limit=0.1):
            time.sleep(1.5)

    with ThreadPoolExecutor(1) as pool, pytest.raises(TookTooLong, match="a tool"), waits_shown_on(page):
        pool.submit(work).result()


def test_what_stops_things_is_not_ended_half_way_but_right_after(page: Console) -> None:
    done: list[str] = []

    def stop() -> None:
        with waiting_for("everything", limit=0.1):
            with to_the_end():
                time.sleep(0.6)
                done.append("stopped")
            time.sleep(30)

    with pytest.raises(TookTooLong), waits_shown_on(page):
        stop()
    assert done == ["stopped"]


def test_a_program_that_does_not_end_is_killed_and_what_it_was_for_is_named() -> None:
    with pytest.raises(TookTooLong, match=r"Not done after 0 s, and stopped: asking it"):
        programs.done([sys.executable, "-c", "import time; time.sleep(60)"], what="asking it", limit=0.2)


def test_something_that_is_awaited_is_told_while_it_is() -> None:
    seen: list[str] = []
    await_until(lambda: seen.append(str(open_waits()[-1])) or len(seen) > 1, seconds=5, what="waiting for it", poll=0)
    assert seen == ["waiting for it", "waiting for it"]


SCRIPT = """
import time
from takeaway.run.cli.output import messages, results
from takeaway.waiting import waiting_for
from takeaway.waiting_shown import waits_shown_on
with waits_shown_on(messages, results):
    with waiting_for("deploying the stacks") as wait:
        time.sleep(1.3)
        results.print("the first result")
        messages.print("[green]✓[/] bus")
        wait.share = (1, 2)
        time.sleep(0.6)
    results.print("the last result")
"""


def test_in_a_terminal_one_line_moves_below_what_is_printed_and_is_gone_in_the_end() -> None:
    seen = terminal.run(sys.executable, "-c", SCRIPT, environment=command_line.nobodys_environment())
    assert [line for line in seen.lines if line] == ["the first result", "✓ bus", "the last result"]
    assert "deploying the stacks (1 s)" in seen.raw
    assert re.search(r"━.*deploying the stacks \(1 of 2\)", seen.raw)


INTERRUPTED = """
import time
from takeaway.run.cli.output import messages
from takeaway.waiting import waiting_for
from takeaway.waiting_shown import nothing_shown, waits_shown_on
with waits_shown_on(messages), waiting_for("deploying"):
    time.sleep(0.7)
    with nothing_shown():
        print("asked", flush=True)
        time.sleep(0.6)
        print("answered", flush=True)
    raise KeyboardInterrupt
"""


def test_while_somebody_is_asked_nothing_is_shown_and_an_interrupt_leaves_the_terminal_as_it_was() -> None:
    seen = terminal.run(sys.executable, "-c", INTERRUPTED, environment=command_line.nobodys_environment())
    asked = seen.raw[seen.raw.index("asked") : seen.raw.index("answered")]
    assert asked.strip() == "asked"
    assert seen.raw.count("\x1b[?25l") == seen.raw.count("\x1b[?25h") > 0  # the cursor
    assert [line for line in seen.lines if "deploying" in line and "waiting_for" not in line] == []


def test_whoever_sleeps_or_runs_a_program_is_known_to_say_what_for() -> None:
    found = set()
    for file in (REPOSITORY / "takeaway").rglob("*.py"):
        calls = (each for each in ast.walk(ast.parse(file.read_text("utf-8"))) if isinstance(each, ast.Call))
        for call in calls:
            function = call.func
            if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name):
                of = {"time": {"sleep"}, "subprocess": {"run", "Popen"}, "messages": {"status"}}
                if function.attr in of.get(function.value.id, set()):
                    found.add(file.relative_to(REPOSITORY).as_posix())
    assert found == BY_THEMSELVES.keys()
