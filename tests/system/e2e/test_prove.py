"""`takeaway prove` as a person types it: in a stage of its own beside the one that runs, of which nothing is left."""

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from tests.conftest import Engine
from tests.fakes import command_line
from tests.system.e2e.leftovers import left_of

pytestmark = [
    pytest.mark.engine,
    pytest.mark.own_stage,
    pytest.mark.embedded("others are held against it: what they do otherwise is in docs/evidence"),
]


def test_all_of_it_comes_as_promised_and_is_written_down(engine: Engine, tmp_path: Path) -> None:
    stage = "proved"
    there = os.environ | {
        "AWS_ENDPOINT_URL": str(engine.target.endpoint),
        "TAKEAWAY_HOME": str(engine.target.home.folder),
    }
    done = command_line.takeaway("prove", "--stage", stage, "--into", str(tmp_path), "--json", environment=there)
    assert done.returncode == 0, done.stderr
    evidence = json.loads(done.stdout)
    assert (evidence["complete"], evidence["left"]) == (True, [])
    assert [step["wrong"] for step in evidence["steps"]] == [[]] * 7
    (file,) = tmp_path.glob("*-ministack.json")
    assert json.loads(file.read_text()) == evidence
    assert file.with_suffix(".md").read_text().startswith("# What `takeaway prove` saw on MiniStack")
    assert left_of(replace(engine.target, stage=stage, _clients={})) == set()
