"""In which order stacks are deployed that are deployed together. A stack that is deployed alone brings no other along.

The CDK CLI deploys with a stack all those that it depends on, and destroys with it all those that depend on it. No team
wants that of the stacks of others, so one depends on another only where one command is about both. The CLI does not
tell its app what it was asked for: cdk.json looks at its command line.
"""

from collections.abc import Iterable
from fnmatch import fnmatchcase

from aws_cdk import Stack

COMMAND = "CDK_COMMAND"  # the environment variable that cdk.json sets


def deploy_in_order(needs: Iterable[tuple[Stack, Stack]], command: str) -> None:
    """The first of each pair after the second, as far as the command names both; or names none, which means all."""
    pairs = list(needs)
    chosen = named({stack.stack_name for pair in pairs for stack in pair}, command)
    for stack, needed in pairs:
        if {stack.stack_name, needed.stack_name} <= chosen:
            stack.add_stack_dependency(needed)


def named(stacks: set[str], command: str) -> set[str]:
    """Those that are words of a command line, as names or as patterns; all of them if none is."""
    words = command.split()
    return {stack for stack in stacks if any(fnmatchcase(stack, word) for word in words)} or stacks
