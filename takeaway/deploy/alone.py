"""`takeaway deploy CONTEXT`, `takeaway destroy CONTEXT`: one stack of an engine on this machine, and no other."""

from collections.abc import Callable

from takeaway.client import outputs
from takeaway.client.outputs import Stacks
from takeaway.client.target import Target
from takeaway.deploy import amends, cdk
from takeaway.deploy.assembly import Assembly
from takeaway.deploy.deployment import Progress, context_of, make_ready, put_there, synthesize
from takeaway.deploy.parameters import Parameters
from takeaway.deploy.switching import refuse_to_leave_orders_behind
from takeaway.deploy.up import forget_mark, remember
from takeaway.engine.kinds import EngineKind
from takeaway.errors import DeploymentFailed, UsageError

OFTEN = {"Delay": 1, "MaxAttempts": 600}  # how a waiter asks, in seconds


def deploy(target: Target, name: str, parameters: Parameters, progress: Progress) -> None:
    """Says what is missing if another stack has to be there before it."""
    refuse_aws(target, f"cdk deploy {target.prefix}-{name}")
    stacks = outputs.read(target)
    context = context_of(target, parameters.where(stacks.wiring))
    if name == "orders":
        refuse_to_leave_orders_behind(target, stacks, wanted=context["system"])
    assembly, _ = make_ready(target, context, progress)
    check_can_deploy(assembly, name, stacks, target.command)
    forget_mark(target)
    put_there(target, assembly, context, progress, [name])
    if name == "orders":
        remember(target, context, None)


def destroy(target: Target, name: str, parameters: Parameters, progress: Progress) -> bool:
    """With all that it holds, outside production. Says what is in the way if another stack could not do without it.

    Whether it can be deployed again: a context that was removed by hand is only found where it is deployed.
    """
    refuse_aws(target, f"cdk destroy {target.prefix}-{name}")
    progress.step("synthesizing the templates")
    stacks = outputs.read(target)
    assembly = synthesize(target, context_of(target, parameters.where(stacks.wiring)))
    check_can_destroy(assembly, name, stacks)
    progress.step(f"destroying {assembly.stack(name)}")
    forget_mark(target)
    if name in assembly.needs:
        cdk.destroy(assembly, name, target.environment(), log=target.home.folder / "destroy.log")
    else:
        _destroy_unlisted(target, assembly.stack(name))
    amends.take_back(target, name)
    progress.done(f"{assembly.stack(name)} destroyed")
    return name in assembly.needs


def _destroy_unlisted(target: Target, stack: str) -> None:
    """The CLI destroys only what the app lists; a context that was removed from it by hand is still deployed."""
    from botocore.exceptions import WaiterError  # noqa: PLC0415 - other commands need not wait for it

    cloudformation = target.client("cloudformation")
    cloudformation.delete_stack(StackName=stack)
    try:
        cloudformation.get_waiter("stack_delete_complete").wait(StackName=stack, WaiterConfig=OFTEN)
    except WaiterError as error:
        raise DeploymentFailed(f"{stack} could not be destroyed: {error}") from None


def refuse_aws(target: Target, instead: str) -> None:
    if target.traits.kind is EngineKind.AWS:
        raise UsageError(f"{target.means_aws} This is for engines on this machine: on AWS run `{instead}`.")


def check_can_deploy(
    assembly: Assembly, name: str, deployed: Stacks, typed: Callable[[str], str] = "takeaway {}".format
) -> None:
    """`typed` says how a command is typed for this stage."""
    missing = [each for each in _needs(assembly, name, deployed) if not deployed.has(each)]
    if missing:
        commands = " and ".join(f"`{typed(f'deploy {each}')}`" for each in missing)
        raise UsageError(
            f"{assembly.stack(name)} needs {_listed(assembly, missing)}, not deployed yet: {commands} first,"
            f" or `{typed('up')}` for everything."
        )


def check_can_destroy(assembly: Assembly, name: str, deployed: Stacks) -> None:
    if not deployed.has(name):
        _needs(assembly, name, deployed)
        raise UsageError(f"{assembly.stack(name)} is not deployed, so there is nothing to destroy.")
    in_the_way = [each for each, needs in assembly.needs.items() if name in needs and deployed.has(each)]
    if in_the_way:
        raise UsageError(
            f"{assembly.stack(name)} can't go while there is something that needs it:"
            f" destroy {_listed(assembly, in_the_way)} first."
        )


def _needs(assembly: Assembly, name: str, deployed: Stacks) -> list[str]:
    if name not in assembly.needs:
        also = f", and `takeaway destroy {name}` takes away what is deployed of it" if deployed.has(name) else ""
        raise UsageError(f"There is no context {name!r}: app.py lists {', '.join(assembly.needs)}{also}.")
    return list(assembly.needs[name])


def _listed(assembly: Assembly, names: list[str]) -> str:
    return " and ".join(assembly.stack(each) for each in names)
