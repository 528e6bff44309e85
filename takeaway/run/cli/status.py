"""The command status: shows the engine, the deployment, and the health of each context."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Annotated, Any

import typer
from rich.text import Text

from takeaway.errors import DeploymentFailed, NoRunningSystem
from takeaway.run.cli import completing, options
from takeaway.run.cli.output import AsJson, plain, print_json, print_table, results, table
from takeaway.run.client import health_text, outputs
from takeaway.run.client.health import Health, State, health
from takeaway.run.client.system import System
from takeaway.run.client.target import Target
from takeaway.unseen import visible
from takeaway.wiring import Wiring

COLORS = {State.WORKING: "green", State.OUT: "yellow"}
TROUBLE = "red"


def status(
    context: typer.Context,
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="[CONTEXT]",
            help="Show one context in detail: orders, promotions …",
            autocompletion=completing.contexts,
        ),
    ] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Show what runs, where, and the health of each context: failing since when, why, and what to do.

    It fails if nothing is deployed, or a stack is not healthy.

    Example: takeaway status promotions
    """
    target = options.of(context).target()
    system = _deployed(target)
    found = health(system, name)
    others = {} if name else {stage: health(System(replace(target, stage=stage))) for stage in _others(target)}
    if as_json:
        contexts = [_as_json(each, target) for each in found]
        elsewhere = {stage: {each.context: each.state for each in there} for stage, there in others.items()}
        print_json(
            contexts[0] if name else facts_of(target, system.stacks) | {"contexts": contexts, "other_stages": elsewhere}
        )
    elif name:
        _tell_one(found[0], target)
    else:
        _list(facts_of(target, system.stacks))
        _table(found)
        for each in found:
            if each.state is not State.WORKING or each.dead_letters or each.alarms:
                results.print()
                _tell_one(each, target)
        for stage, there in others.items():
            _tell_stage(stage, there)
    if not system.stacks.are_healthy:
        raise DeploymentFailed(
            f"Not every stack is healthy: `{target.command('up')}` tries again, and tells what is wrong."
        )


def _deployed(target: Target) -> System:
    system = System(target)
    if not outputs.read(target).by_context:
        there = f" (there are: {', '.join(found)})" if (found := outputs.stages(target)) else ""
        raise NoRunningSystem(
            f"{target.traits.kind} answers, but nothing is deployed as stage {target.stage}{there}",
            command=target.command("up"),
        )
    return system


def _others(target: Target) -> Iterable[str]:
    return [stage for stage in outputs.stages(target) if stage != target.stage]


def facts_of(target: Target, stacks: outputs.Stacks) -> dict[str, object]:
    running = target.home.running()
    own = running is not None and running.endpoint == target.endpoint
    deployed = target.deployed()
    return {
        "engine": target.traits.kind,
        "endpoint": target.endpoint,
        "process": running.pid if own and running else None,
        "stage": target.stage,
        "system": stacks.wiring,
        "api": f"{outputs.api_url(target, stacks)}/orders" if stacks.has("orders") else None,
        "stacks": {stack.name: stack.status for stack in stacks.by_context.values()},
        "accept_timeout": deployed.get("accept_timeout"),
        "delivery_timeout": deployed.get("delivery_timeout"),
        "deadlines": "told to restaurants, kept by nobody" if stacks.wiring is Wiring.CHOREOGRAPHED else None,
        "log": str(target.home.log) if own else None,
    }


def _list(facts: dict[str, object]) -> None:
    for label, value in facts.items():
        if value not in (None, "") and not isinstance(value, dict):
            results.print(f"[bold]{label.replace('_', ' '):17}[/] {plain(value)}")


def _table(found: Iterable[Health]) -> None:
    results.print()
    listed = table("context", "waiting", "dead letters", "given up after", "state", right=("waiting", "dead letters"))
    for each in found:
        reads = any(consumer.redelivery for consumer in each.consumers)
        counts = (f"{each.waiting:,}", f"{each.dead_letters:,}") if reads else ("", "")
        listed.add_row(each.context, *counts, health_text.given_up_after(each), _state(each))
    print_table(listed)


def _state(found: Health) -> Text:
    return Text(visible(health_text.state(found)), COLORS.get(found.state, TROUBLE))


def _tell_one(found: Health, target: Target) -> None:
    results.print(Text.assemble((found.context, "bold"), "  ", _state(found)))
    for label, line in health_text.particulars(found, target):
        results.print(f"  [dim]{label:12}[/] {plain(line)}")


def _tell_stage(stage: str, found: Iterable[Health]) -> None:
    said = ", ".join(f"{each.context} {health_text.state(each)}" for each in found if each.state is not State.WORKING)
    results.print(
        f"\n[bold]stage {plain(stage)}[/]  {plain(said or 'every context is at work')}  [dim]--stage {plain(stage)}[/]"
    )


def _as_json(found: Health, target: Target) -> dict[str, Any]:
    return {
        "context": found.context,
        "state": found.state,
        "told": health_text.state(found),
        "stack": found.stack,
        "waiting": found.waiting,
        "dead_letters": found.dead_letters,
        "consumers": found.consumers,
        "alarms": found.alarms,
        "to_do": [*health_text.to_do(found, target)],
    }
