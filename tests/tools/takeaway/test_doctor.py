"""takeaway doctor from outside: its output for people and for programs, and its exit codes."""

import json
import os
import re
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from takeaway.check.fitness.rule import ARTICLE
from takeaway.check.fitness.rules import all_rules
from tests.fakes import command_line

Doctor = Callable[..., command_line.Done]
BUS = {"Type": "AWS::Events::EventBus", "Properties": {"Name": "takeaway-prod"}}


@pytest.fixture
def doctor(tmp_path: Path) -> Doctor:
    environment = os.environ | {"TAKEAWAY_HOME": str(tmp_path / "home"), "COLUMNS": "400"}

    return partial(command_line.takeaway, "doctor", environment=environment)


@pytest.fixture
def assembly(tmp_path: Path) -> Path:
    """Return a folder as `cdk synth -c stage=prod` writes it, with a bus whose name is exported."""
    template = {"Resources": {"Bus": BUS}, "Outputs": {"Name": {"Value": "x", "Export": {"Name": "bus"}}}}
    artifacts = {
        "takeaway-prod-bus": {"type": "aws:cloudformation:stack", "properties": {"templateFile": "bus.template.json"}},
        "takeaway-prod-bus.assets": {"type": "cdk:asset-manifest", "properties": {"file": "x"}},
    }
    (tmp_path / "manifest.json").write_text(json.dumps({"artifacts": artifacts}), encoding="utf-8")
    (tmp_path / "bus.template.json").write_text(json.dumps(template), encoding="utf-8")
    return tmp_path


def test_a_rule_that_is_kept_is_told_with_what_was_looked_at(doctor: Doctor) -> None:
    done = doctor("--rule", "contexts-are-independent")
    assert done.returncode == 0
    assert "✓ No context imports another" in done.stdout
    assert "modules with" in done.stdout
    assert "1 rule, 1 kept, 0 broken" in done.stdout


def test_explained_a_rule_says_why_what_to_do_what_it_does_not_see_and_where_to_read_on(doctor: Doctor) -> None:
    done = doctor("--rule", "nothing-at-import", "--explain")
    [rule] = [rule for rule in all_rules() if rule.id == "nothing-at-import"]
    for told in (rule.group.argument, rule.why, rule.remedy, rule.blind, ARTICLE):
        assert told in done.stdout


def test_a_broken_rule_says_where_why_and_what_to_do_and_fails(doctor: Doctor, assembly: Path) -> None:
    done = doctor("--assembly", str(assembly), "--rule", "no-stack-couplings", "--rule", "no-calls")
    [rule] = [rule for rule in all_rules() if rule.id == "no-stack-couplings"]
    assert done.returncode == 1
    assert "✗ No stack takes a value from another" in done.stdout
    assert "bus: stack takeaway-prod-bus: exports Name" in done.stdout
    assert all(told in done.stdout for told in (rule.why, rule.remedy, ARTICLE))
    assert "1 of 2 rules broken" in done.stderr
    assert "takeaway doctor --rule no-stack-couplings" in done.stderr


def test_by_itself_it_tells_in_ten_lines_that_all_is_well_and_with_all_what_was_looked_at(doctor: Doctor) -> None:
    short, whole = doctor(), doctor("--all")
    assert (short.returncode, whole.returncode) == (0, 0)
    assert len(short.stdout.splitlines()) <= 10
    assert {rule.group.title for rule in all_rules()} == set(
        re.findall(r"^✓ (.+): \d+ rules? kept$", short.stdout, re.MULTILINE)
    )
    assert short.stdout.splitlines()[-1].startswith(f"{len(all_rules())} rules, {len(all_rules())} kept, 0 broken")
    assert "No context imports another" not in short.stdout
    assert "✓ No context imports another" in whole.stdout
    assert "modules with" in whole.stdout


def test_by_itself_it_tells_all_of_what_is_broken_and_nothing_of_what_is_kept(doctor: Doctor, assembly: Path) -> None:
    told = doctor("--assembly", str(assembly)).stdout
    assert "✗ No stack takes a value from another" in told
    assert "bus: stack takeaway-prod-bus: exports Name" in told
    assert "No context imports another" not in told


def test_for_programs_it_is_one_document(doctor: Doctor, assembly: Path) -> None:
    done = doctor("--assembly", str(assembly), "--rule", "no-stack-couplings", "--json")
    assert done.returncode == 1
    answer = json.loads(done.stdout)
    [rule] = answer["rules"]
    assert (answer["kept"], rule["id"], rule["kept"]) == (False, "no-stack-couplings", False)
    assert rule["findings"][0]["where"] == "bus: stack takeaway-prod-bus"
    assert rule["links"][0] == ARTICLE


def test_what_an_assembly_lacks_is_told_rather_than_passed_over(doctor: Doctor, assembly: Path) -> None:
    done = doctor("--assembly", str(assembly), "--rule", "one-stack-each", "--rule", "tasks-retry")
    assert done.returncode == 1
    assert "contexts/orders: has no stack in this assembly" in done.stdout
    assert "nothing to look at: expected a state machine with tasks" in done.stdout


def test_misuse_is_told_with_exit_code_2(doctor: Doctor, tmp_path: Path) -> None:
    for arguments, told in (
        (["--rule", "own-sauce"], "Did you mean own-source?"),
        (["--assembly", str(tmp_path), "--rule", "own-source"], "is no cloud assembly: expected manifest.json"),
    ):
        done = doctor(*arguments)
        assert done.returncode == 2
        assert told in done.stderr
        assert "Traceback" not in done.stderr


def test_a_manifest_that_is_no_json_is_told(doctor: Doctor, assembly: Path) -> None:
    (assembly / "manifest.json").write_text("{", encoding="utf-8")
    done = doctor("--assembly", str(assembly), "--rule", "own-source")
    assert (done.returncode, "can't be read as JSON" in done.stderr) == (2, True)
    (assembly / "manifest.json").write_text('{"artifacts": {}}', encoding="utf-8")
    assert "holds no stack of Takeaway" in doctor("--assembly", str(assembly), "--rule", "own-source").stderr
