"""Take out every component in turn while an order is played; at the end, see what came later, and how."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from takeaway.run.client.dead_letters import redrive
from takeaway.run.client.replay import replay_of
from takeaway.run.client.workflow import RUNNING
from takeaway.study.compare.all_four import ACCEPT_TIMEOUT, DELIVERY_TIMEOUT
from takeaway.study.compare.capabilities import CAPABILITIES, Outcome, Seen, lines_since, observed, outcome, seen
from takeaway.study.compare.contender import Contender, wait_until
from takeaway.study.compare.findings import Cell, Found, Matrix, Told, number
from takeaway.study.compare.living import Life, live, settle
from takeaway.study.compare.outages import Component, components, out

AFTERWARDS = "order afterwards"


@dataclass
class Window:
    """An outage with its order, and what each look found of it."""

    component: Component
    life: Life
    looks: list[Seen] = field(default_factory=list)
    status: str = ""

    @property
    def label(self) -> str:
        component = self.component
        return f"{component.context}: {component.kind} {component.name.removeprefix(f'{component.context}-')}".strip()

    def outcomes(self) -> dict[str, Outcome]:
        return {name: outcome([look[name] for look in self.looks]) for name in CAPABILITIES}


def tell(contender: Contender, _: object) -> Told:
    windows = outages(contender, components(contender))
    return Told(told(contender, windows), matrix=matrix(windows))


def outages(contender: Contender, taken_out: Sequence[Component]) -> list[Window]:
    """Play all outages one after the other; then wait, redrive and replay, so that all that can come late does."""
    began = datetime.now(UTC)
    windows = [_window(contender, component) for component in taken_out]
    deadlines = ACCEPT_TIMEOUT + DELIVERY_TIMEOUT + 10  # no execution lasts longer
    wait_until(lambda: not any(_is_running(contender, window) for window in windows), seconds=deadlines)
    _look(contender, windows, began)
    for reader in contender.readers():
        redrive(reader, lambda _: None)
    _look(contender, windows, began)
    _replay(contender, began)
    _look(contender, windows, began)
    return windows


def told(contender: Contender, windows: Sequence[Window]) -> Found:
    """Make a cell for each component, and sums."""
    ends = [each.outcomes() for each in windows]
    harmless = sum(all(value is Outcome.WORKS for value in each.values()) for each in ends)
    counts = {
        "components taken out": number(len(windows)),
        "… without the order or a neighbour noticing": number(harmless),
        "orders completed all the same": number(sum(each.status == "COMPLETED" for each in windows)),
        "orders promised and left open for ever": number(sum(_is_stuck(contender, each) for each in windows)),
        "vouchers of completed orders: late, by redrive or replay": number(_healed(ends, "voucher")),
        "vouchers of completed orders: never": number(sum(each["voucher"] is Outcome.NEVER for each in ends)),
        "orders whose lines in the lake came late, by redrive or replay": number(_healed(ends, "in the lake")),
        "orders with lines that never came": number(sum(each["in the lake"] is Outcome.NEVER for each in ends)),
    }
    return {**counts, **{each.label: _cell(each) for each in windows}}


def matrix(windows: Sequence[Window]) -> Matrix:
    return Matrix(
        columns=[*CAPABILITIES, AFTERWARDS],
        rows={each.label: [*each.outcomes().values(), each.status or "none"] for each in windows},
    )


def _cell(window: Window) -> Cell:
    stopped = [
        f"{name} {'' if how is Outcome.NEVER else how}".strip()
        for name, how in window.outcomes().items()
        if how not in (Outcome.WORKS, Outcome.NOT_REACHED)
    ]
    told = f"stops: {', '.join(stopped)}" if stopped else "nothing stops"
    return Cell(text=f"{told} → {window.status or 'no order'}")


def _healed(ends: Sequence[dict[str, Outcome]], name: str) -> int:
    return sum(each[name] in (Outcome.LATER, Outcome.REDRIVEN, Outcome.REPLAYED) for each in ends)


def _window(contender: Contender, component: Component) -> Window:
    began = datetime.now(UTC)
    with out(contender, component) as paused:
        life = live(contender, paused=paused)
        settle(contender, life.order_id, paused=paused)
        window = Window(component, life)
        window.looks.append(seen(life, observed(contender, life, lines_since(contender, began))))
    return window


def _look(contender: Contender, windows: Sequence[Window], since: datetime) -> None:
    settle(contender, None)
    lines = lines_since(contender, since)
    for window in windows:
        traces = observed(contender, window.life, lines)
        window.looks.append(seen(window.life, traces))
        window.status = traces.item.status if traces.item else ""


def _is_running(contender: Contender, window: Window) -> bool:
    return contender.execution(window.life.order_id) == RUNNING


def _is_stuck(contender: Contender, window: Window) -> bool:
    """True for an open order that was placed and that nothing will end."""
    order_id = window.life.order_id
    if order_id is None or not (item := contender.system.kept(order_id)).is_open:
        return False
    return "order_placed" in item.changes and not _is_running(contender, window)


def _replay(contender: Contender, since: datetime) -> None:
    """Replay all events since then to each neighbour, which ignores those that it has had."""
    for context in contender.contexts:
        if context != "orders":
            neighbour, start = contender.system.subscription(context), since - timedelta(seconds=1)
            replay_of(neighbour, contender.target.prefix, start=start, end=datetime.now(UTC)).run(lambda _: None)
