"""The browser that tests of pages use: npm's Chromium, or the Chrome that a machine has, or a sentence."""

import os
import shutil
import stat
import subprocess
from pathlib import Path

import pytest

from takeaway.paths import TOOLS
from tools import browser as browsers
from tools.browser import HERE, NAMED_BY, NoBrowser, browser

needs_packages = pytest.mark.skipif(
    not (HERE / "node_modules/.ready").exists() and not os.environ.get("CI"),
    reason="no browser is installed in tools/browser: run `make browser`",
)
BUNDLED = "import chromium from '@sparticuz/chromium'; console.log(await chromium.executablePath())"


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """Return an installed Chrome that notes what it is started with, and then is npm's Chromium."""
    asked = [TOOLS / "node", "--input-type=module", "--eval", BUNDLED]
    chromium = subprocess.run(asked, cwd=HERE, check=True, capture_output=True, text=True).stdout.strip()
    return program(tmp_path / "my chrome", f'echo "$@" >"$0.asked"\nexec "{chromium}" --no-sandbox "$@"')


def program(file: Path, script: str) -> Path:
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(file.stat().st_mode | stat.S_IXUSR)
    return file


@needs_packages
def test_a_chrome_that_is_named_is_used_instead_of_the_one_from_npm(
    installed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(NAMED_BY, str(installed))
    with browser() as chrome:
        page = chrome.page()
        assert page.run("1 + 1") == 2
    assert "--headless" in installed.with_name("my chrome.asked").read_text()


@needs_packages
@pytest.mark.parametrize("script", [None, "echo no display >&2; exit 1"])
def test_a_named_chrome_that_is_missing_or_does_not_run_is_told_and_no_other_is_taken(
    script: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    named = tmp_path / "chrome"
    if script:
        program(named, script)
    monkeypatch.setenv(NAMED_BY, str(named))
    with pytest.raises(NoBrowser, match=f"no browser runs here; tried: {NAMED_BY}={named} "), browser():
        pytest.fail("there is none to open")


@needs_packages
def test_where_the_one_from_npm_can_not_run_an_installed_chrome_is_looked_for_and_both_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(NAMED_BY, raising=False)
    monkeypatch.setattr(browsers, "HERE", without_chromium(tmp_path))
    said = r"tried: the Chromium from npm, an installed Chrome .*@sparticuz/chromium.*; .*[Cc]hrome"
    with pytest.raises(NoBrowser, match=said), browser():
        pytest.skip("a Chrome is installed on this machine")


def without_chromium(folder: Path) -> Path:
    """Return a driver's folder that has playwright alone, as if npm's Chromium were not for this machine."""
    shutil.copy(HERE / "driver.mjs", folder)
    modules = folder / "node_modules"
    modules.mkdir()
    (modules / ".ready").touch()
    (modules / "playwright-core").symlink_to(HERE / "node_modules/playwright-core")
    return folder


def test_where_nothing_is_installed_the_command_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browsers, "HERE", tmp_path)
    with pytest.raises(NoBrowser, match="run `make browser`"), browser():
        pytest.fail("there is none to open")
