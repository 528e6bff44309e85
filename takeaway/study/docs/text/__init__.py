"""The words of generated pages, as Jinja templates: what is said is computed elsewhere, how it is said stands here."""

import json
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from takeaway.markdown import cell
from takeaway.study.docs.text.words import code, either, type_of

FILTERS = {"cell": cell, "code": code, "either": either, "json": json.dumps, "type": type_of}


def written(template: str, **facts: Any) -> str:
    """A page or a document from the template of that name."""
    environment = Environment(  # noqa: S701 - Markdown and YAML, of what is in the repository
        loader=FileSystemLoader(Path(__file__).parent),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= FILTERS
    return environment.get_template(template).render(facts)
