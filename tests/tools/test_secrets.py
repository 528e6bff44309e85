"""Test that a secret is reported at every scan, and that a file without one is read once."""

import subprocess
from pathlib import Path

import pytest

from takeaway import git
from tools import secrets

KEY = "AKIA" + 16 * "Q"


def test_a_secret_is_told_until_it_is_gone_and_what_is_sound_is_read_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository, sound, run, read = tmp_path / "repository", tmp_path / "sound", subprocess.run, list[list[str]]()

    def noted(command: list[str], **given: object) -> object:
        read.append([*command[len(secrets.HOOK) :]])
        return run(command, **given)  # type: ignore[call-overload]

    repository.mkdir()
    (repository / "sound.txt").write_text("nothing\n")
    for arguments in (["init", "--quiet"], ["add", "."]):
        git.run(*arguments, folder=repository).check_returncode()
    monkeypatch.setattr(secrets.subprocess, "run", noted)
    assert [secrets.scan(repository, sound) for _ in range(2)] == [0, 0]
    (repository / "key.txt").write_text(f"key = '{KEY}'\n")
    git.run("add", ".", folder=repository).check_returncode()
    read.clear()
    assert [secrets.scan(repository, sound) for _ in range(2)] == [1, 1]
    assert [each for each in read if each and each[0].endswith(".txt")] == [["key.txt"], ["key.txt"]]
