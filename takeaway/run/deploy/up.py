"""Deploy everything of this folder to an engine, as `takeaway up` does, if anything has changed.

Another wiring replaces the running one in place, and only if no order is open. An open order would stay in the table
for ever: its execution ends with the old state machine, and an order without an execution never gets one.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from time import monotonic

from takeaway.errors import TakeawayError, UsageError
from takeaway.run.client import outputs
from takeaway.run.client.outputs import Stacks
from takeaway.run.client.readers import OrdersReader, reader_of
from takeaway.run.client.target import Target
from takeaway.run.deploy.apps import fingerprint
from takeaway.run.deploy.deployment import Progress, context_of, make_ready, put_there
from takeaway.run.deploy.parameters import DEFAULT_ACCEPT_TIMEOUT, DEFAULT_DELIVERY_TIMEOUT, Parameters
from takeaway.run.engine.kinds import EngineKind, Traits
from takeaway.wiring import Wiring

FEW = 3


@dataclass
class Deployed:
    """The result of `bring_up`: the stacks as they are now, and how many seconds each step took."""

    stacks: outputs.Stacks
    changed: bool = False
    seconds: dict[str, float] = field(default_factory=dict)


def bring_up(
    target: Target, parameters: Parameters, progress: Progress, first: Callable[[], object] = lambda: None
) -> Deployed:
    """Deploy everything to a running engine; does nothing if nothing has changed since the last time.

    `first` is called before a deployment, and may raise to refuse it. Raises UsageError on AWS, and TakeawayError if
    the wiring would change while orders are open.
    """
    if target.traits.kind is EngineKind.AWS:
        raise UsageError(
            f"{target.means_aws} `takeaway up` is for engines on this machine; on AWS run `cdk deploy --all`."
        )
    progress.step("looking at what is there")
    stacks = outputs.read(target)
    context = context_of(target, parameters.where(stacks.wiring))
    if why := why_not(target.traits, context["system"]):
        raise UsageError(f"--system: {why}: choose another system or engine.")
    refuse_to_leave_orders_behind(target, stacks, wanted=context["system"])
    mark = fingerprint(context)
    before = target.deployed()
    known = stacks.are_healthy and before.get("fingerprint") == mark
    if known and before.get("as_of") == outputs.as_of(target, stacks):
        return Deployed(stacks)
    began = monotonic()
    first()
    assembly, seconds = make_ready(target, context, progress)
    forget_mark(target)
    seconds |= put_there(target, assembly, context, progress)
    seconds["in all"] = monotonic() - began
    stacks = outputs.read(target)
    remember(target, context, mark, outputs.as_of(target, stacks))
    return Deployed(stacks, changed=True, seconds=seconds)


def why_not(traits: Traits, wiring: str) -> str:
    """Return why an engine can't run a wiring; empty if it can."""
    needs_more = wiring == Wiring.DURABLE and not traits.durable_functions
    return f"{traits.kind} has no durable functions" if needs_more else ""


def remember(
    target: Target, context: Mapping[str, str], mark: str | None = None, as_of: Mapping[str, str] | None = None
) -> None:
    """Record the parameters of a deployment. Without a mark, the next `takeaway up` deploys every stack again.

    `as_of` has the stacks' deployment times: a stack that is younger was deployed by another tool.
    """
    facts = {
        **target.deployed(),
        "fingerprint": mark,
        "as_of": as_of,
        "accept_timeout": int(context["acceptTimeoutSeconds"]),
        "delivery_timeout": int(context["deliveryTimeoutSeconds"]),
    }
    target.home.remember_deployed(target.stage, str(target.endpoint), facts)


def forget_mark(target: Target) -> None:
    """Delete the fingerprint before anything is changed, so that the next `up` deploys after an interrupted one."""
    target.home.remember_deployed(target.stage, str(target.endpoint), target.deployed() | {"fingerprint": None})


def parameters_of(
    target: Target,
    *,
    extra: Mapping[str, str],
    accept_timeout: int | None = None,
    delivery_timeout: int | None = None,
    system: Wiring | None = None,
) -> Parameters:
    """Return the chosen parameters; the others are those of the last deployment, or else the defaults."""
    before = target.deployed()
    return Parameters(
        stage=target.stage,
        accept_timeout=accept_timeout or int(before.get("accept_timeout", DEFAULT_ACCEPT_TIMEOUT)),
        delivery_timeout=delivery_timeout or int(before.get("delivery_timeout", DEFAULT_DELIVERY_TIMEOUT)),
        system=system,
        extra=extra,
    )


def refuse_to_leave_orders_behind(target: Target, stacks: Stacks, *, wanted: str) -> None:
    """Raise TakeawayError if another wiring runs and has open orders."""
    if stacks.wiring in (None, wanted):
        return
    orders: OrdersReader = reader_of("orders", target, stacks)
    waiting = orders.open_orders()
    if not waiting:
        return
    more = f" and {len(waiting) - FEW} more" if len(waiting) > FEW else ""
    raise TakeawayError(
        f"The {stacks.wiring} system runs here and has open orders ({', '.join(waiting[:FEW])}{more}), which the "
        f"{wanted} one would leave as they are: bring them to their end, or give it a stage of its own with "
        f"`takeaway up --stage NAME --system {wanted}`, or begin anew after `takeaway down`."
    )
