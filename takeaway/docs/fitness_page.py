"""The page of the fitness functions: what `takeaway doctor` checks, why, and what to do instead."""

from itertools import groupby

from takeaway.fitness.exemptions import EXEMPTIONS
from takeaway.fitness.rule import ARTICLE, Rule
from takeaway.fitness.rules import all_rules

BEGINNING = f"""\
<!-- generated from takeaway/fitness and pyproject.toml: make docs -->
# The rule as fitness functions

*Orchestrate within a bounded context, choreograph between bounded contexts*: what keeps that true here is not good
will. Each rule below is read from the templates that would be deployed, from the workflow, from imports and code, for
every context in `contexts/`, also one that is added tomorrow.

```
takeaway doctor                               # every rule, with what it has looked at
takeaway doctor --rule workflow-moves-on --explain
takeaway doctor --assembly cdk.out            # templates of any stage, synthesized before
```

It needs no engine, and is a part of `make check`. A broken rule says where, why it matters and what to do instead; a
rule that finds nothing to look at is broken, too. `tests/between/architecture` plants violations of each, and sees them
caught.
The argument is that of [Choreography vs Orchestration in the land of serverless]({ARTICLE}).
"""


def fitness_page() -> str:
    groups = [(group, list(rules)) for group, rules in groupby(all_rules(), key=lambda rule: rule.group)]
    parts = [BEGINNING]
    for group, rules in groups:
        parts += [f"## {group.title}\n\n{group.argument}\n", *map(_told, rules)]
    parts.append(f"## What is let pass\n\n{_exemptions()}")
    return "\n".join(parts)


def _told(rule: Rule) -> str:
    page = rule.adr.removeprefix("docs/adr/").removesuffix(".md")
    lines = [f"**{rule.title}** (`{rule.id}`{_decided(page)})", rule.why, f"*Instead:* {rule.remedy}"]
    if rule.blind:
        lines.append(f"*Does not see:* {rule.blind}.")
    return "  \n".join(lines) + "\n"


def _exemptions() -> str:
    return "".join(f"- `{each.who}` {each.because} (`{each.rule}`{_decided(each.adr)})\n" for each in EXEMPTIONS)


def _decided(page: str) -> str:
    return f", [ADR {page[:4]}](adr/{page}.md)" if page else ""
