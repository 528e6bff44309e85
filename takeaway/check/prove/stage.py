"""Deploy and destroy the stage of a proof: on an engine like `takeaway up`, on AWS by the CDK CLI."""

from collections.abc import Collection, Mapping
from contextlib import suppress

from takeaway.errors import TakeawayError, UsageError
from takeaway.issuer import bucket_of
from takeaway.run.client import outputs
from takeaway.run.client.functions import log_groups
from takeaway.run.client.outputs import Stack
from takeaway.run.client.target import Target
from takeaway.run.deploy.alone import remove
from takeaway.run.deploy.deployment import Progress, put_there, synthesize
from takeaway.run.deploy.parameters import Parameters
from takeaway.run.deploy.up import bring_up
from takeaway.waiting import await_until

MADE_SECONDS = 600


def refuse_one_that_is_there(target: Target) -> None:
    """Raise UsageError if the stage exists already, because the proof would destroy it."""
    if there := _stacks(target).values():
        names = ", ".join(stack.name for stack in there)
        raise UsageError(
            f"Stage {target.stage} is there already ({names}) and would be destroyed: leave --stage out, or name "
            "another."
        )


def bring(target: Target, parameters: Parameters, progress: Progress, *, issuer: str = "") -> list[str]:
    """Deploy the stage, and return its stacks' names. `issuer` is the one that the API trusts on AWS."""
    if target.endpoint:
        bring_up(target, parameters, progress)
    else:
        progress.step("synthesizing the templates")
        context = parameters.context(target.traits, issuer)
        put_there(target, synthesize(target, context), context, progress)
    return sorted(stack.name for stack in _stacks(target).values())


def take_away(target: Target, progress: Progress) -> list[str]:
    """Destroy every stack, those first that no other needs. Returns what could not be destroyed, and why."""
    # An engine would go on creating the resources of a stack that is deleted meanwhile.
    progress.step("waiting for resources that are still being created")
    await_until(lambda: not any(map(_is_being_made, _stacks(target).values())), seconds=MADE_SECONDS)
    failed: dict[str, str] = {}
    while going := _next(_stacks(target), failed):
        try:
            remove(target, going, progress)
        except TakeawayError as error:
            failed[going] = str(error).splitlines()[0]
    _forget_logs(target)
    if target.endpoint:
        _forget_issuer(target)
        target.home.forget_deployed(target.stage)
    return [f"{target.prefix}-{name}: {why}" for name, why in failed.items()]


def _stacks(target: Target) -> Mapping[str, Stack]:
    return outputs.read(target).by_context


def _is_being_made(stack: Stack) -> bool:
    return stack.status.endswith("_IN_PROGRESS") and not stack.status.startswith("REVIEW")


def _next(stacks: Mapping[str, Stack], failed: Collection[str]) -> str | None:
    left = {name: stack for name, stack in stacks.items() if name not in failed}
    needed = {each for stack in left.values() for each in stack.needs}
    return next((name for name in left if name not in needed), next(iter(left), None))


def _forget_logs(target: Target) -> None:
    """Delete log groups that functions have made anew while they were being destroyed."""
    logs = target.client("logs")
    for group in log_groups(target):
        with suppress(logs.exceptions.ResourceNotFoundException):
            logs.delete_log_group(logGroupName=group["logGroupName"])


def _forget_issuer(target: Target) -> None:
    """Delete the local issuer's bucket, which `takeaway up` has made outside the stacks."""
    s3, bucket = target.client("s3"), bucket_of(target.prefix)
    with suppress(s3.exceptions.NoSuchBucket):
        for each in s3.list_objects_v2(Bucket=bucket).get("Contents", ()):
            s3.delete_object(Bucket=bucket, Key=each["Key"])
        s3.delete_bucket(Bucket=bucket)
