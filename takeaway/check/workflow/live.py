"""Compare the workflow of this folder with the deployed one, and with what executions of earlier ones still need."""

from pathlib import Path

from takeaway.check.workflow import definitions
from takeaway.check.workflow.diff import Finding, diff, undrained
from takeaway.check.workflow.executions import Open, changed_at, open_executions
from takeaway.run.client.system import System


def compared_with_deployed(system: System, context: str, folder: Path) -> tuple[list[Finding], list[Open]]:
    """Return the changes, those that break first, and the open executions. Raises TakeawayError."""
    target, arn = system.target, system.workflow.state_machine_arn
    deployed = definitions.deployed(target, context)
    older: list[Open] = []
    if deployed.kept:  # else nothing can be missed, and looking takes a call for each order
        older = open_executions(target, arn, until=changed_at(target, system.stacks.of(context).name, arn))
    after = definitions.of_folder(folder)
    if context in after:
        after[context] = definitions.as_on_stage(after[context], deployed.definition)
    open_now = open_executions(target, arn)
    changes = diff({context: deployed.definition}, after, open_now)
    return [*undrained(context, deployed.kept, older), *changes], open_now
