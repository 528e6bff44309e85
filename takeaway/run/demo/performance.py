"""Play the demo from beginning to end: start an engine, play the acts, check the evidence, remove the engine."""

import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar
from uuid import uuid4

from takeaway.run.client.system import System
from takeaway.run.client.target import Target
from takeaway.run.demo import evidence
from takeaway.run.demo.acts import all_others, goes_well, neighbour_down, nobody_answers, nobody_in_charge
from takeaway.run.demo.acts.staged import Staged
from takeaway.run.demo.cast import cast_of
from takeaway.run.demo.evidence import Evidence, missing, missing_loyalty
from takeaway.run.demo.examples import Example
from takeaway.run.demo.play import Play
from takeaway.run.demo.scene import Scene
from takeaway.run.demo.second_system import deployed_beside
from takeaway.run.demo.telling import checked, endings, left_behind, log, shown_line
from takeaway.run.deploy.deployment import Progress
from takeaway.run.deploy.parameters import Parameters
from takeaway.run.deploy.up import bring_up
from takeaway.run.engine.passing import engine_of_its_own
from takeaway.waiting import await_until, waiting_for
from takeaway.wiring import Wiring

STAGE = "demo"
PAGE = "demo.html"
PATIENCE_SECONDS = 60  # beyond the timeouts that a story waits for
PROOF_SECONDS = 30
WARM_UP, MEASURED = 3, 15  # calls
Done = TypeVar("Done")


@dataclass
class Performance:
    """The result of the play; `missing` is empty if every promise was kept."""

    system: System
    placed: dict[str, Example]
    evidence: dict[str, Evidence]
    missing: list[str]
    figures: dict[str, float] = field(default_factory=dict)

    def written_to(self, folder: Path) -> Path:
        """Write the journey of an order that earned a voucher as a page that needs no engine, and return its path."""
        from takeaway.run.console.saved import journey_page  # noqa: PLC0415 - loading it would slow `--help` down

        earned = {example.name: order_id for order_id, example in self.placed.items() if example.voucher}
        order_id = earned[min(earned)]
        folder.mkdir(parents=True, exist_ok=True)
        page = folder / PAGE
        page.write_text(journey_page(self.system, order_id, search=True), encoding="utf-8")
        return page


@contextmanager
def own_system(parameters: Parameters, progress: Progress, seconds: dict[str, float]) -> Iterator[System]:
    """Deploy a system on an engine of its own; both are gone after the `with` block."""
    began = time.monotonic()
    with engine_of_its_own("demo", stage=parameters.stage) as (home, record):
        seconds["engine"] = time.monotonic() - began
        progress.done(f"engine started on port {record.port}")
        target = Target(home, parameters.stage, endpoint=record.endpoint)
        deployed = bring_up(target, parameters, progress)
        seconds |= {"synth": deployed.seconds["synth"], "deploy": deployed.seconds["deploy"]}
        yield System(target)


def perform(
    system: System, examples: Sequence[Example], scene: Scene, parameters: Parameters, *, everything: bool
) -> Performance:
    """Play every act, and compare the evidence with the stories until all is there or the time is up.

    After a failed act the others are skipped, because they build on it.
    """
    cast, figures = cast_of(examples), dict[str, float]()
    patience = parameters.accept_timeout + parameters.delivery_timeout + PATIENCE_SECONDS
    second = deployed_beside(system, Wiring.CHOREOGRAPHED, parameters, nobody_in_charge.begin(cast.unanswered))
    with ExitStack() as left, Play(system) as play:
        on = Staged(scene, system, play, cast, parameters.accept_timeout, patience)
        absent = _timed("act 1", lambda: goes_well.play(on), figures)
        coming = left.enter_context(second)  # not earlier, because an engine that deploys answers slowly
        acts = {
            "act 2": lambda: nobody_answers.play(on),
            "act 3": lambda: neighbour_down.play(on),
            "act 4": lambda: all_others.play(on),
        }
        for act, played in acts.items():
            if not (absent or play.failures):
                absent = _timed(act, played, figures)
        with waiting_for("looking at what the orders have left behind"):
            found, differs = _timed("proof", lambda: _proof(system, play, 0 if absent else PROOF_SECONDS), figures)
        never = [f"{each.name}: it was never placed" for each in examples if each not in play.placed.values()]
        absent += [*play.failures, *never, *differs]
        others = {id_: each for id_, each in play.placed.items() if each in cast.others}
        if everything:
            for line in log(play.acts, system.journal.since(play.began_at), system.vouchers.all(), others):
                scene.console.print(shown_line(line))
            scene.show(checked(found, play.placed))
        if "act 4" in figures:
            scene.show(endings(found, others))
        if not absent:
            scene.say(left_behind(found))
            absent = _timed("act 5", lambda: nobody_in_charge.play(on, coming), figures)
    return Performance(system, play.placed, found, absent, figures)


def _timed(what: str, do: Callable[[], Done], figures: dict[str, float]) -> Done:
    began = time.monotonic()
    done = do()
    figures[what] = time.monotonic() - began
    return done


def measure(performance: Performance, example: Example) -> None:
    """Measure warm calls and bundle size. It places more orders, so it has to come last; it never fails the demo."""
    system = performance.system
    api = f"{system.target.prefix}-orders-api"
    carried: int = system.target.client("lambda").get_function_configuration(FunctionName=api)["CodeSize"]
    performance.figures["warm place-order call (ms)"] = _warm_call_seconds(system, example) * 1000
    # Without dependencies, because these are installed in the embedded engine.
    performance.figures["orders bundle (kB)"] = carried / 1000


def _warm_call_seconds(system: System, example: Example) -> float:
    """Return the median duration, in seconds, of warm calls that place an order on an otherwise idle engine."""
    times = []
    for number in range(WARM_UP + MEASURED):
        # A new customer each time, because the API limits the orders of one.
        token = system.tokens.customer(f"customer-{number}")
        began = time.perf_counter()
        system.api.place(example.order, token=token, idempotency_key=str(uuid4()))
        times.append(time.perf_counter() - began)
    return statistics.median(times[WARM_UP:])


def _proof(system: System, play: Play, seconds: float) -> tuple[dict[str, Evidence], list[str]]:
    found, absent = dict[str, Evidence](), list[str]()

    def is_decided() -> bool:
        nonlocal found, absent
        placed = dict(play.placed)
        found = evidence.collect(system, placed, play.began_at)
        absent = [what for id_, example in placed.items() for what in missing(example, found[id_])]
        loyal = Counter(example.customer_id for id_, example in placed.items() if found[id_].loyalty)
        absent += missing_loyalty(placed.values(), loyal)
        return bool(not absent or play.failures)  # waiting does not help if the API refused something

    await_until(is_decided, seconds=seconds)
    return found, absent
