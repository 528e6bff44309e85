"""List the cdk-nag findings that are accepted in the templates, with the reason noted at each construct."""

from collections import defaultdict
from collections.abc import Iterator

from takeaway import markdown
from takeaway.check.templates.assembly import synthesized

NOTED, PREFIX = "aws:cdk:acknowledged-rules", "AwsSolutions-"
SHOWN = 3


def table() -> str:
    """Write the table: a row for each rule and reason."""
    rows: dict[tuple[str, str], list[str]] = defaultdict(list)
    for path, finding, reason in findings():
        rows[finding.partition("[")[0], reason].append(path)
    told = ((rule, _told(sorted(set(paths))), reason) for (rule, reason), paths in sorted(rows.items()))
    return markdown.table(["finding", "on", "stands because"], told)


def findings() -> Iterator[tuple[str, str, str]]:
    """Yield the construct's path, the finding (such as `IAM5[Resource::*]`), and the reason."""
    for stack in synthesized().values():
        for path, entries in stack.notes.items():
            for entry in entries:
                if entry["type"] == NOTED:
                    for finding, reason in entry["data"].items():
                        yield path.strip("/"), finding.partition(PREFIX)[2], reason


def _told(paths: list[str]) -> str:
    shown = ", ".join(f"`{path.partition('-')[2].partition('-')[2]}`" for path in paths[:SHOWN])
    return shown if len(paths) <= SHOWN else f"{shown} and {len(paths) - SHOWN} more"
