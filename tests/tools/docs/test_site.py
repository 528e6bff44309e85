"""The documentation as a site: strict about links and about the order to read in, and complete without a network."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from takeaway.paths import REPOSITORY
from tools.browser import NoBrowser, browser

HOME = "# Documentation\n\n## Begin\n\n- [one page](one.md)\n"
LOADED = re.compile(r"""(?:<(?:script|img|iframe)[^>]*\ssrc|<link[^>]*\shref)="(https?:)?//[^"]*\"""")


def built(root: Path, **pages: str) -> str:
    """Build a tree with these pages of docs/; return its standard error, "" if it has succeeded."""
    (root / "docs").mkdir(exist_ok=True)
    for name, text in {"README": HOME, "one": "# One\n", **pages}.items():
        (root / f"docs/{name}.md").write_text(text, encoding="utf-8")
    options = ["-q", "--fail-on-warning", "--keep-going", "--conf-dir", str(REPOSITORY / "docs/site")]
    ended = subprocess.run(
        [sys.executable, "-m", "sphinx", *options, "--doctree-dir", root / "trees", root, root / "html"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (ended.returncode == 0) == (ended.stderr == ""), ended.stderr
    return ended.stderr


@pytest.mark.parametrize(
    ("pages", "complaint"),
    [
        (
            {"one": "# One\n\n[gone](gone.md)\n"},
            "WARNING: 'myst' cross-reference target not found: 'gone.md'",
        ),
        ({"one": "# One\n\n[gone](README.md#gone)\n"}, "local id not found in doc 'docs/README': 'gone'"),
        ({"two": "# Two\n"}, "two.md: WARNING: document isn't included in any toctree"),
    ],
    ids=["a link to no page", "a link to no heading", "a page that the order to read in leaves out"],
)
def test_the_build_fails_on(tmp_path: Path, pages: dict[str, str], complaint: str) -> None:
    assert complaint in built(tmp_path, **pages)


def test_a_page_may_link_to_a_heading_an_anchor_in_html_and_code(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text("print()\n", encoding="utf-8")
    links = "[a](README.md#begin) [b](one.md#here) [c](../app.py)"
    assert built(tmp_path, one=f'# One\n\n<a id="here"></a>\n\n## There\n\n{links}\n') == ""
    assert len(list(tmp_path.glob("html/_downloads/*/app.py"))) == 1


def test_a_context_that_was_just_added_is_in_the_navigation(tmp_path: Path) -> None:
    (tmp_path / "contexts/loyalty").mkdir(parents=True)
    (tmp_path / "contexts/loyalty/README.md").write_text("# Loyalty\n", encoding="utf-8")
    assert built(tmp_path, README=f"{HOME}\n## The contexts, each by its team\n\n- none yet\n") == ""
    assert 'href="../contexts/loyalty/README.html"' in (tmp_path / "html/docs/one.html").read_text(encoding="utf-8")


def test_a_picture_is_drawn_and_nothing_is_loaded_from_another_host(tmp_path: Path) -> None:
    assert built(tmp_path, one="# One\n\n```mermaid\nflowchart TD\n    a --> b\n```\n") == ""
    pages = list((tmp_path / "html").rglob("*.html"))
    assert [page.name for page in pages if LOADED.search(page.read_text(encoding="utf-8"))] == []
    try:
        with browser() as opened:
            page = opened.page()
            page.goto((tmp_path / "html/docs/one.html").as_uri())
            page.wait("document.querySelectorAll('pre.mermaid svg .node').length === 2")
    except NoBrowser as why:
        if os.environ.get("CI"):
            pytest.fail(f"in CI pages are looked at: {why}")
        pytest.skip(str(why))


def test_what_would_be_loaded_from_another_host_is_found() -> None:
    assert LOADED.search('<script defer src="https://cdn.example/mermaid.js"></script>')
    assert not LOADED.search('<a href="https://example.com/">told, not loaded</a>')
