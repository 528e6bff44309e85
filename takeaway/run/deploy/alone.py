"""Deploy or destroy the stack of one context on an engine on this machine, and no other stack."""

from collections.abc import Callable

from shared.said_by_stacks import NEEDS
from takeaway.errors import DeploymentFailed, UsageError
from takeaway.run.client import outputs
from takeaway.run.client.outputs import Stacks
from takeaway.run.client.target import Target
from takeaway.run.deploy import apps, differences, engine_gaps
from takeaway.run.deploy.assembly import Assembly
from takeaway.run.deploy.deployment import Progress, context_of, make_ready, put_there
from takeaway.run.deploy.parameters import Parameters
from takeaway.run.deploy.up import forget_mark, refuse_to_leave_orders_behind, remember
from takeaway.run.engine.kinds import EngineKind
from takeaway.wiring import Wiring

OFTEN = {"Delay": 1, "MaxAttempts": 600}  # for boto3's waiter; Delay in seconds


def deploy(target: Target, name: str, parameters: Parameters, progress: Progress) -> list[str]:
    """Deploy one context, and return a line for each difference from before.

    Raises UsageError on AWS, or when a stack that it needs is not deployed.
    """
    refuse_aws(target, f"npx cdk deploy -c stage={target.stage}", name)
    stacks = outputs.read(target)
    context = context_of(target, parameters.where(stacks.wiring))
    app = apps.of_context(name, Wiring(context["system"]))
    if name == "orders":
        refuse_to_leave_orders_behind(target, stacks, wanted=context["system"])
    assembly, _ = make_ready(target, context, progress, app)
    check_can_deploy(assembly, name, stacks, target.command)
    before = differences.deployed(target, assembly.stack(name)) if stacks.has(name) else None
    forget_mark(target)
    put_there(target, assembly, context, progress)
    if name == "orders":
        remember(target, context)
    return [*differences.told(before, assembly.template(name))] if before else []


def destroy(target: Target, name: str, progress: Progress) -> bool:
    """Destroy one context's stack, outside production with its data.

    Returns True if it can be deployed again, that is, if its folder still exists. Raises UsageError on AWS, or when
    another stack needs it.
    """
    refuse_aws(target, f"npx cdk destroy -c stage={target.stage}", name)
    stacks = outputs.read(target)
    check_can_destroy(f"{target.prefix}-{name}", name, stacks)
    forget_mark(target)
    remove(target, name, progress)
    return apps.is_deployable(name)


def remove(target: Target, name: str, progress: Progress) -> None:
    """Delete a stack without checking that no other needs it. Raises DeploymentFailed."""
    progress.step(f"destroying {target.prefix}-{name}")
    _delete(target, f"{target.prefix}-{name}")
    engine_gaps.take_back(target, name)
    progress.done(f"{target.prefix}-{name} destroyed")


def _delete(target: Target, stack: str) -> None:
    """Delete a stack through CloudFormation: the CDK CLI would synthesize, and fail if the context's folder is gone."""
    from botocore.exceptions import WaiterError  # noqa: PLC0415 - loading it would slow other commands down

    cloudformation = target.client("cloudformation")
    cloudformation.delete_stack(StackName=stack)
    try:
        cloudformation.get_waiter("stack_delete_complete").wait(StackName=stack, WaiterConfig=OFTEN)
    except WaiterError as error:
        raise DeploymentFailed(f"{stack} could not be destroyed: {error}") from None


def refuse_aws(target: Target, instead: str, name: str) -> None:
    if target.traits.kind is EngineKind.AWS:
        folder = apps.of_context(name, Wiring.HYBRID).name
        raise UsageError(
            f"{target.means_aws} This is for engines on this machine: on AWS run `{instead}` in the folder {folder}."
        )


def check_can_deploy(
    assembly: Assembly, name: str, deployed: Stacks, typed: Callable[[str], str] = "takeaway {}".format
) -> None:
    """Raise UsageError if a stack that this one needs is not deployed; `typed` writes a command with its stage."""
    said = assembly.template(name).get("Outputs", {}).get(NEEDS, {}).get("Value")
    missing = [each for each in outputs.needs(said) if not deployed.has(each)]
    if missing:
        stacks = " and ".join(map(assembly.stack, missing))
        commands = " and ".join(f"`{typed(f'deploy {each}')}`" for each in missing)
        raise UsageError(
            f"{assembly.stack(name)} needs {stacks}, not deployed yet: {commands} first,"
            f" or `{typed('up')}` for everything."
        )


def check_can_destroy(stack: str, name: str, deployed: Stacks) -> None:
    if not deployed.has(name):
        apps.of_context(name, Wiring.HYBRID)  # raises UsageError for a context that does not exist
        raise UsageError(f"{stack} is not deployed, so there is nothing to destroy.")
    in_the_way = [each.name for each in deployed.by_context.values() if name in each.needs]
    if in_the_way:
        raise UsageError(
            f"{stack} can't go while there is something that needs it: destroy {' and '.join(in_the_way)} first."
        )
