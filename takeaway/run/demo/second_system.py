"""Deploy a second system beside the first, on the same engine, while the first acts are told."""

import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import TypeVar

from takeaway.run.client.system import System
from takeaway.run.client.target import Target
from takeaway.run.deploy import tools
from takeaway.run.deploy.deployment import Quiet
from takeaway.run.deploy.parameters import Parameters
from takeaway.run.deploy.up import bring_up
from takeaway.run.engine.home import Home
from takeaway.waiting import beside
from takeaway.wiring import Wiring

STAGE = "nobody"  # named so because nobody is in charge there
NICE = 10
SOON = 6  # seconds; its deadline is short, because the audience has waited in earlier acts already
Begun = TypeVar("Begun")


@contextmanager
def deployed_beside(
    system: System, wiring: Wiring, parameters: Parameters, begin: Callable[[System], Begun]
) -> Iterator[Future[Begun]]:
    """Deploy in another thread; the future has what `begin` returns for the system. All ends with the block."""
    own = replace(parameters, stage=STAGE, system=wiring, accept_timeout=min(parameters.accept_timeout, SOON))
    target = Target(Home(system.target.home.folder / STAGE), STAGE, endpoint=system.target.endpoint)

    def deployed() -> Begun:
        _give_way()
        with beside():
            bring_up(target, own, Quiet())
            return begin(System(target))

    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(deployed)
        try:
            yield future
        finally:
            tools.end([future])


def _give_way() -> None:
    """Lower the priority of this thread and what it starts, where the system can do that for a thread."""
    with suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICE)
