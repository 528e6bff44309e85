"""The page of the fitness functions: what `takeaway doctor` checks, why, and what to do instead."""

from itertools import groupby

from takeaway.check.fitness.rule import ARTICLE
from takeaway.check.fitness.rules import all_rules
from takeaway.check.fitness.texts import EXEMPTIONS
from takeaway.study.docs.text import written


def fitness_page() -> str:
    groups = [(group, list(rules)) for group, rules in groupby(all_rules(), key=lambda rule: rule.group)]
    return written("fitness.md.jinja", article=ARTICLE, groups=groups, exemptions=EXEMPTIONS)
