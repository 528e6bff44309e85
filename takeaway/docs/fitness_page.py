"""The page of the fitness functions: what `takeaway doctor` checks, why, and what to do instead."""

from itertools import groupby

from takeaway.docs.text import written
from takeaway.fitness.exemptions import EXEMPTIONS
from takeaway.fitness.rule import ARTICLE
from takeaway.fitness.rules import all_rules


def fitness_page() -> str:
    groups = [(group, list(rules)) for group, rules in groupby(all_rules(), key=lambda rule: rule.group)]
    return written("fitness.md.jinja", article=ARTICLE, groups=groups, exemptions=EXEMPTIONS)
