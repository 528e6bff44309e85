"""Configures Sphinx, with which `make site` builds the documentation from the Markdown that code hosts show.

Sphinx's source folder is the repository, because pages link to the READMEs beside the code, and to code; the site has
a copy of each file that is linked to. Navigation is read from docs/README.md, so a page has one place in the order to
read in; the build fails on a page that docs/README.md does not lead to, and on a link or an anchor that leads nowhere.
Nothing is loaded from another host: Mermaid's script comes out of node_modules.
"""

import re
from pathlib import Path
from typing import Any

from docutils import nodes
from pygments.lexers.special import TextLexer
from sphinx.application import Sphinx

REPOSITORY = Path(__file__).parents[2]
HOME = "docs/README"

project = "Takeaway"
root_doc = HOME
include_patterns = ["*.md", "docs/**.md", "contexts/*/README.md", "examples/**README.md", "shared/schemas/README.md"]
exclude_patterns = [".*", "node_modules", "tests", "takeaway", "tools", "requirements", "cdk.out", "**/__pycache__"]

extensions = ["myst_parser"]
myst_heading_anchors = 3  # `page.md#a-heading`, as code hosts have it

html_theme = "furo"
html_title = "Takeaway"
html_static_path = ["static", str(REPOSITORY / "node_modules/@mermaid-js/tiny/dist")]
html_css_files = ["site.css"]
html_additional_pages = {"index": "entrance.html"}
templates_path = ["templates"]
html_copy_source = False
html_show_copyright = html_show_sphinx = False

LINK = re.compile(r"\]\(([^)#:\s]+\.md)\)")
ANCHOR = re.compile(r'<a id="([\w-]+)">')
# A new context is in no list yet: its README is found by its folder, and comes after those that the chapter links to.
FOUND = {"The contexts, each by its team": "contexts/*/README.md"}


def with_contents(app: Sphinx, docname: str, source: list[str]) -> None:
    """Appends to a README of docs/ the tables of contents that Sphinx makes its navigation of."""
    folder = (app.srcdir / docname).parent
    if docname == HOME:
        for chapter in source[0].split("\n## ")[1:]:
            title = chapter.partition("\n")[0]
            found = linked(folder, chapter) + (sorted(app.srcdir.glob(FOUND[title])) if title in FOUND else [])
            # a page beside a README of the same chapter is in the contents of that README
            pages = [page for page in found if page.name == "README.md" or page.with_name("README.md") not in found]
            source[0] += contents(app, pages, f":caption: {title}\n")
    elif docname.startswith("docs/") and docname.endswith("/README"):
        own = [page for page in linked(folder, source[0]) if page.parent == folder]
        source[0] += contents(app, [*own, *sorted(set(folder.glob("*.md")) - {folder / "README.md"})])


def linked(folder: Path, text: str) -> list[Path]:
    """The pages that a page in a folder links to as a whole, in the order of their first mention."""
    return [(folder / page).resolve() for page in LINK.findall(text)]


def contents(app: Sphinx, pages: list[Path], options: str = "") -> str:
    """A table of contents that only the navigation shows, with each page once."""
    entries = "\n".join(dict.fromkeys(f"/{page.relative_to(app.srcdir).with_suffix('')}" for page in pages))
    return f"\n\n```{{toctree}}\n:hidden:\n{options}\n{entries}\n```\n" if pages else ""


def with_anchors(app: Sphinx, doctree: nodes.document) -> None:
    """Makes anchors that are written in HTML known to MyST, which otherwise takes links to them for broken."""
    slugs: dict[str, Any] = app.env.metadata[app.env.current_document.docname].setdefault("myst_slugs", {})
    for raw in doctree.findall(nodes.raw):
        slugs.update({found: (raw.line, found, found) for found in ANCHOR.findall(raw.astext())})


def with_pictures(app: Sphinx, *page: Any) -> None:
    """Loads what draws Mermaid on a page that has some."""
    doctree: nodes.document | None = page[-1]  # there is none of the entrance
    if doctree and any(block.get("language") == "mermaid" for block in doctree.findall(nodes.literal_block)):
        app.add_js_file("mermaid.tiny.js", loading_method="defer")
        app.add_js_file("pictures.js", loading_method="defer")


def setup(app: Sphinx) -> None:
    """Called by Sphinx."""
    app.add_lexer("mermaid", TextLexer)
    app.connect("source-read", with_contents)
    app.connect("doctree-read", with_anchors)
    app.connect("html-page-context", with_pictures)
