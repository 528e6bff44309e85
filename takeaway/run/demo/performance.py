"""The demo from beginning to end: an engine of its own, the play, the proof, and nothing left behind."""

import statistics
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import uuid4

from takeaway.run.client.system import System
from takeaway.run.client.target import Target
from takeaway.run.demo import evidence
from takeaway.run.demo.evidence import Evidence, missing, missing_loyalty
from takeaway.run.demo.examples import Example
from takeaway.run.demo.play import Play
from takeaway.run.demo.telling import Teller
from takeaway.run.deploy.deployment import Progress
from takeaway.run.deploy.parameters import Parameters
from takeaway.run.deploy.up import bring_up
from takeaway.run.engine.passing import engine_of_its_own
from takeaway.waiting import await_until

STAGE = "demo"
PATIENCE_SECONDS = 60  # beyond the timeout that the story waits for
PROOF_SECONDS = 30
WARM_UP, MEASURED = 3, 15  # calls


@dataclass
class Performance:
    """What there is to show when the play is over."""

    system: System
    play: Play
    evidence: dict[str, Evidence]
    missing: list[str]
    figures: dict[str, float] = field(default_factory=dict)

    @property
    def one_completed(self) -> str | None:
        """An order whose journey has everything in it."""
        with_voucher = [id_ for id_, example in self.play.placed.items() if example.voucher]
        return min(with_voucher, key=lambda id_: self.play.placed[id_].name) if with_voucher else None


@contextmanager
def own_system(parameters: Parameters, progress: Progress, seconds: dict[str, float]) -> Iterator[System]:
    """A system on a free port with a state folder of its own, gone after the `with` block."""
    began = time.monotonic()
    with engine_of_its_own("demo", stage=parameters.stage) as (home, record):
        seconds["engine"] = time.monotonic() - began
        progress.done(f"engine started on port {record.port}")
        target = Target(home, parameters.stage, endpoint=record.endpoint)
        deployed = bring_up(target, parameters, progress)
        seconds |= {"synth": deployed.seconds["synth"], "deploy": deployed.seconds["deploy"]}
        yield System(target)


def perform(system: System, examples: Sequence[Example], audience: Teller, *, timeouts: int) -> Performance:
    """Play every story and look for what it left behind, until all is there or the time is up.

    `timeouts` is for how many seconds the slowest story waits.
    """
    began = time.monotonic()
    play = Play(system, examples, audience)
    play.perform(seconds=timeouts + PATIENCE_SECONDS)
    found, absent = _proof(system, play, examples)
    return Performance(system, play, found, absent, {"story": time.monotonic() - began})


def measure(performance: Performance, example: Example) -> None:
    """Places more orders, so it comes when everything else was looked at. Told, never a reason to fail."""
    system = performance.system
    api = f"{system.target.prefix}-orders-api"
    carried: int = system.target.client("lambda").get_function_configuration(FunctionName=api)["CodeSize"]
    performance.figures["warm place-order call (ms)"] = _warm_call_seconds(system, example) * 1000
    performance.figures["orders bundle (kB)"] = carried / 1000  # as the engine got it, without its dependencies


def _warm_call_seconds(system: System, example: Example) -> float:
    """The median of warm calls that each place a new order, nothing else being asked of the engine."""
    times = []
    for number in range(WARM_UP + MEASURED):
        token = system.tokens.customer(f"customer-{number}")  # another one each time: none may order so often
        began = time.perf_counter()
        system.api.place(example.order, token=token, idempotency_key=str(uuid4()))
        times.append(time.perf_counter() - began)
    return statistics.median(times[WARM_UP:])


def _proof(system: System, play: Play, examples: Sequence[Example]) -> tuple[dict[str, Evidence], list[str]]:
    placed = {example.name for example in play.placed.values()}
    never = [f"{example.name}: it was never placed" for example in examples if example.name not in placed]
    found, absent = dict[str, Evidence](), list[str]()

    def is_decided() -> bool:
        nonlocal found, absent
        found = evidence.collect(system, play.placed, play.began_at)
        absent = [what for id_, example in play.placed.items() for what in missing(example, found[id_])]
        loyal = Counter(example.customer_id for id_, example in play.placed.items() if found[id_].loyalty)
        absent += missing_loyalty(play.placed.values(), loyal)
        # What the API refused will not come by waiting.
        return bool(not absent or play.failures or never)

    await_until(is_decided, seconds=PROOF_SECONDS)
    return found, [*play.failures, *never, *absent]
