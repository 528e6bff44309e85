"""An assembly is made once for the same sources and parameters, wherever it is wanted."""

import json
import os
from pathlib import Path

import pytest

from takeaway.paths import REPOSITORY
from takeaway.run.deploy import cdk, kept

CONTEXT = {"dependencies": "engine"}


def made(folder: Path) -> Path:
    """Make an assembly as app.py would: an asset that names the folder, and a bundle that was built."""
    folder.mkdir(parents=True)
    builder = [str(REPOSITORY / ".venv/bin/python"), str(folder / "bundle.abc.zip")]
    (folder / "one.assets.json").write_text(json.dumps({"executable": builder}))
    (folder / "one.template.json").write_text(f'{{"Description": "{folder}"}}')
    (folder / "bundle.abc.zip").write_text("large")
    return folder


def test_what_was_kept_is_as_if_it_had_been_made_there(tmp_path: Path) -> None:
    here, there = made(tmp_path / "here"), tmp_path / "there"
    kept.keep("key", here, tmp_path / "kept")
    assert kept.take("key", there, tmp_path / "kept")
    assert json.loads((there / "one.assets.json").read_text())["executable"] == [
        str(REPOSITORY / ".venv/bin/python"),
        str(there / "bundle.abc.zip"),
    ]
    assert (there / "one.template.json").read_text() == (here / "one.template.json").read_text()
    assert not (there / "bundle.abc.zip").exists()


def test_what_is_kept_names_no_folder_of_this_machine(tmp_path: Path) -> None:
    kept.keep("key", made(tmp_path / "here"), tmp_path / "kept")
    text = (tmp_path / "kept/key/one.assets.json").read_text()
    assert str(tmp_path) not in text
    assert str(REPOSITORY) not in text


def test_what_one_repository_kept_is_built_by_the_one_that_takes_it(tmp_path: Path) -> None:
    kept.keep("key", made(tmp_path / "here"), tmp_path / "kept")
    assert kept.take("key", tmp_path / "there", tmp_path / "kept", repository=tmp_path / "copy")
    [python, _] = json.loads((tmp_path / "there/one.assets.json").read_text())["executable"]
    assert python == str(tmp_path / "copy/.venv/bin/python")


def test_of_another_key_there_is_nothing(tmp_path: Path) -> None:
    kept.keep("key", made(tmp_path / "here"), tmp_path / "kept")
    assert not kept.take("another", tmp_path / "there", tmp_path / "kept")
    assert not kept.take("key", tmp_path / "there", tmp_path / "nowhere")


def test_who_keeps_it_again_leaves_what_is_there_and_nothing_half_done(tmp_path: Path) -> None:
    for name in ("first", "second"):
        kept.keep("key", made(tmp_path / name), tmp_path / "kept")
    assert [folder.name for folder in (tmp_path / "kept").iterdir()] == ["key"]
    assert str(tmp_path / "first") in (tmp_path / "kept/key/one.template.json").read_text()


def test_those_that_nobody_took_for_longest_go(tmp_path: Path) -> None:
    for number in range(kept.MOST + 2):
        kept.keep(str(number), made(tmp_path / f"assembly-{number}"), tmp_path / "kept")
        os.utime(tmp_path / "kept" / str(number), (number, number))
        assert kept.take("0", tmp_path / "there", tmp_path / "kept")
    left = {folder.name for folder in (tmp_path / "kept").iterdir()}
    assert len(left) == kept.MOST
    assert "0" in left
    assert not {"1", "2"} & left


def test_the_app_does_not_run_again_for_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Even if the engine has another port."""
    one, other = (f"http://127.0.0.1:{port}/issuer" for port in (4001, 4002))
    cdk.synthesize({**CONTEXT, "oidcIssuer": one}, tmp_path / "first", log=tmp_path / "log")
    monkeypatch.setattr(cdk, "run", lambda *_, **__: pytest.fail("it ran again"))
    cdk.synthesize({**CONTEXT, "oidcIssuer": other}, tmp_path / "second", log=tmp_path / "log")
    first, second = (
        {file.name: file.read_text(encoding="utf-8") for file in (tmp_path / name).iterdir()}
        for name in ("first", "second")
    )
    moved = {str(tmp_path / "first"): str(tmp_path / "second"), one: other}
    for before, after in moved.items():
        first = {name: text.replace(before, after) for name, text in first.items()}
    assert first == second
    assert other in second["takeaway-dev-orders.template.json"]


def test_an_issuer_on_aws_is_a_part_of_what_a_template_is_stored_by(tmp_path: Path) -> None:
    keys = []
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(cdk.kept, "take", lambda key, *_, **__: keys.append(key) or True)
        for issuer in ("https://one.example", "https://other.example", "http://one:4566/i", "http://two:4567/i"):
            cdk.synthesize({**CONTEXT, "oidcIssuer": issuer}, tmp_path, log=tmp_path / "log")
    assert len(set(keys[:2])) == 2
    assert len(set(keys[2:])) == 1
