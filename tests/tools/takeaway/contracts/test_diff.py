"""The whole check on a copy of this repository, as a team sees it that changes an event."""

import json
import shutil
import subprocess
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from takeaway.check.commands import contracts as command
from takeaway.check.contracts.changes import Breaks, Change
from takeaway.check.contracts.diff import diff
from takeaway.check.contracts.published import BrokenSchema
from takeaway.check.contracts.revisions import NothingToCompareWith
from takeaway.errors import UsageError
from takeaway.main import app
from takeaway.paths import REPOSITORY
from takeaway.waiting_shown import without_waits

TODAY = date(2026, 11, 23)
SCHEMAS = "shared/schemas/takeaway.orders"
COMMON, COMPLETED = f"{SCHEMAS}/common.v1.schema.json", f"{SCHEMAS}/order_completed.v1.schema.json"
PROMOTIONS = "contexts/promotions/consumed_events.py"
GIT = ("git", "-c", "user.name=Somebody", "-c", "user.email=somebody@example.com", "-c", "init.defaultBranch=main")


def git(folder: Path, *arguments: str) -> None:
    subprocess.run([*GIT, *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a repository whose only commit has this repository's code."""
    folder = tmp_path_factory.mktemp("original")
    left_out = shutil.ignore_patterns("__pycache__", "*.js", "generator")
    for package in ("contexts", "shared", "takeaway"):
        shutil.copytree(REPOSITORY / package, folder / package, ignore=left_out)
    git(folder, "init", "--quiet")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "All of it")
    return folder


@pytest.fixture
def repository(original: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(original, tmp_path / "repository"))


def edit(folder: Path, file: str, old: str, new: str) -> None:
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text, f"{file} does not say {old}"
    (folder / file).write_text(text.replace(old, new), encoding="utf-8")


def without_amount(folder: Path) -> None:
    """Remove `amount` from a definition that several events share."""
    path = folder / COMMON
    common = json.loads(path.read_text(encoding="utf-8"))
    del common["$defs"]["money"]["properties"]["amount"]
    common["$defs"]["money"]["required"].remove("amount")
    path.write_text(json.dumps(common), encoding="utf-8")


def findings(folder: Path) -> list[Change]:
    return diff(folder, "HEAD", TODAY).findings


def readers(finding: Change) -> set[str]:
    return {f"{reader.consumer}: {reader.field}" for reader in finding.readers}


def test_a_field_that_goes_from_a_common_definition_goes_from_each_event_and_names_who_reads_it_there(
    repository: Path,
) -> None:
    without_amount(repository)
    found = {(each.event, each.what): each for each in findings(repository)}
    assert set(found) == {
        (f"takeaway.orders@{event}", f"removes {path}.amount")
        for event in ("order_placed.v1", "order_completed.v1")
        for path in ("data.total", "data.items[].unit_price")
    }
    assert {each.breaks for each in found.values()} == {Breaks.CONSUMERS}
    assert readers(found["takeaway.orders@order_completed.v1", "removes data.total.amount"]) == {
        "promotions: data.total.amount", "analytics: data.total.amount",
    }  # fmt: skip
    assert readers(found["takeaway.orders@order_placed.v1", "removes data.total.amount"]) == set()


def test_a_consumer_that_stops_reading_a_field_in_the_same_change_is_named_as_it_is_deployed(repository: Path) -> None:
    edit(repository, COMPLETED, '"required": ["name", "email"]', '"required": ["name"]')
    edit(repository, PROMOTIONS, "    email: Text\n", "    name: Text\n")
    edit(repository, PROMOTIONS, "self.detail.data.customer.email", '""')
    [finding] = findings(repository)
    assert finding.what == "makes data.customer.email optional: it may be missing now"
    assert [(reader.consumer, reader.before) for reader in finding.readers] == [("promotions", True)]


def test_a_new_optional_field_and_a_second_version_pass_without_asking_the_consumers(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def not_asked(_: Path) -> None:
        raise AssertionError("nobody has to be asked")

    monkeypatch.setattr("takeaway.check.contracts.diff.consumers", not_asked)
    edit(repository, COMPLETED, '"placed_at": {', '"tip": {"type": "integer"}, "placed_at": {')
    (repository / SCHEMAS / "order_failed.v2.schema.json").write_text("{}", encoding="utf-8")
    assert [(each.what, each.breaks) for each in findings(repository)] == [
        ("adds data.tip, optional", None), ("adds the event, beside version 1", None),
    ]  # fmt: skip


def test_consumers_that_said_nothing_at_the_base_are_named_as_they_are_now_and_that_is_said(repository: Path) -> None:
    edit(repository, PROMOTIONS, "CONSUMES", "READS")
    git(repository, "commit", "--quiet", "--all", "--message", "Before there were declarations")
    edit(repository, PROMOTIONS, "READS", "CONSUMES")
    without_amount(repository)
    found = diff(repository, "HEAD", TODAY)
    assert any("promotions: data.total.amount" in readers(each) for each in found.findings)
    assert "not as they were at the base" in found.notes[0]
    assert PROMOTIONS in found.notes[0]


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        (COMPLETED, '"type": "object",', '"type": "object"', f"{COMPLETED} is no JSON: .* line "),
        (COMPLETED, '"type": "object",', '"type": "thing",', f"{COMPLETED} is no JSON Schema: "),
        (COMPLETED, "$defs/time", "$defs/tiem", r"tiem leads nowhere"),
        (COMPLETED, "json#/$defs/time", "json#time", r"common\.v1\.schema\.json#time leads nowhere"),
        (COMPLETED, '"type": "object",', '"type": "object", "type": "string",', "is no JSON: type is there twice"),
        (COMPLETED, '"type": "object",', '"minProperties": NaN,', "is no JSON: NaN is not a number"),
        (COMPLETED, "draft/2020-12", "draft/2019-09", r"\$schema at its top is .*2019-09/schema: expected .*2020-12"),
        (COMPLETED, "takeaway.orders/order_", "elsewhere/order_", r"its \$id is .*elsewhere.*: expected one that ends"),
        (COMMON, "common.v1.schema.json", "common.v2.schema.json", r"its \$id is .*common\.v2.*: expected one that"),
        (COMPLETED, '"title"', '"x-sunset": "20270301", "title"', "x-sunset is no day"),
        (COMPLETED, '"title"', '"x-sunset": "soon", "title"', "x-sunset is no day"),
    ],
)
def test_a_broken_schema_is_named_with_what_is_wrong(
    repository: Path, file: str, old: str, new: str, said: str
) -> None:
    edit(repository, file, old, new)
    with pytest.raises(BrokenSchema, match=said):
        findings(repository)
    git(repository, "commit", "--quiet", "--all", "--message", "Broken")
    edit(repository, file, new, old)
    with pytest.raises(BrokenSchema, match=r" at [0-9a-f]{7}"):
        findings(repository)


Run = Callable[..., tuple[int, str]]


@pytest.fixture
def takeaway(repository: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Return a function that runs the command in that repository: exit code and output."""
    monkeypatch.setattr(command, "REPOSITORY", repository)

    def run(*arguments: str) -> tuple[int, str]:
        done = CliRunner().invoke(app, ["contracts", "diff", *arguments], standalone_mode=False)
        if done.exception and not isinstance(done.exception, typer.Exit | SystemExit):
            raise done.exception
        return int(done.return_value or done.exit_code), without_waits(done.output)

    return run


def test_the_command_names_consumers_and_fields_and_says_what_to_do(takeaway: Run, repository: Path) -> None:
    without_amount(repository)
    code, said = takeaway()
    assert code == 1
    assert "✗ order_completed.v1 removes data.total.amount" in said
    assert "breaks analytics (data.total.amount), promotions (data.total.amount); consumers elsewhere" in said
    assert "order_completed.v1, order_placed.v1 removes data.items[].unit_price.amount" in said
    assert "breaks nobody in this repository; consumers elsewhere" in said
    assert "docs/event-changes.md" in said


def test_the_command_is_content_with_what_breaks_nobody(takeaway: Run, repository: Path) -> None:
    edit(repository, COMPLETED, '"placed_at": {', '"tip": {"type": "integer"}, "placed_at": {')
    code, said = takeaway("HEAD")
    assert code == 0
    assert "✓ order_completed.v1 adds data.tip, optional" in said
    assert "event-changes" not in said


def test_the_command_says_so_when_nothing_changed_and_fails_where_there_is_nothing_to_compare_with(
    takeaway: Run, repository: Path
) -> None:
    assert takeaway("HEAD") == (0, takeaway("HEAD")[1])
    assert "the schemas are those of" in takeaway("HEAD")[1]
    with pytest.raises(NothingToCompareWith, match=r"neither a main branch nor an earlier commit.*--no-base-ok"):
        takeaway()  # on main, clean, and without a commit before
    code, said = takeaway("--no-base-ok")
    assert (code, "nothing to compare with, which --no-base-ok allows" in said) == (0, True)
    git(repository, "clone", "--quiet", "--depth", "1", f"file://{repository}", "shallow")
    with pytest.raises(NothingToCompareWith, match=r"this clone is shallow.*fetch-depth: 0"):
        diff(repository / "shallow", None, TODAY)


def test_where_there_is_nothing_to_compare_with_what_can_not_be_judged_is_refused_all_the_same(
    takeaway: Run, repository: Path
) -> None:
    edit(repository, COMPLETED, '"type": "object",', '"type": "object", "unevaluatedProperties": false,')
    git(repository, "commit", "--quiet", "--amend", "--all", "--no-edit")
    code, said = takeaway("--no-base-ok")
    assert code == 1
    assert "✗ order_completed.v1 says unevaluatedProperties of the event, which this check can not judge" in said


@pytest.mark.parametrize("untouched", ['"unevaluatedProperties": false', '"maxmum": 5'])
def test_what_a_keyword_that_stays_makes_of_a_change_is_not_let_through(
    takeaway: Run, repository: Path, untouched: str
) -> None:
    edit(
        repository,
        COMPLETED,
        '"description": "The data that subscribers',
        f'{untouched}, "description": "The data that subscribers',
    )
    git(repository, "commit", "--quiet", "--all", "--message", "As it has been for long")
    edit(repository, COMPLETED, '"placed_at": {', '"tip": {"type": "integer"}, "placed_at": {')
    code, said = takeaway("HEAD")
    assert code == 1
    assert f"✗ order_completed.v1 says {untouched.split(chr(34))[1]} of data, which this check can not judge" in said
    assert "may break anybody, so it is refused" in said
    assert "expected nothing but const, " in said


def test_two_sources_may_share_the_name_of_an_event_and_each_is_compared_with_its_own(
    takeaway: Run, repository: Path
) -> None:
    payments = repository / "shared/schemas/takeaway.payments"
    shutil.copytree(repository / SCHEMAS, payments)
    for path in payments.rglob("*.json"):
        path.write_text(path.read_text("utf-8").replace("takeaway.orders", "takeaway.payments"), encoding="utf-8")
    git(repository, "add", "--all")
    git(repository, "commit", "--quiet", "--message", "Another source")
    edit(repository, COMPLETED, '"total"', '"total_price"')
    code, said = takeaway("HEAD")
    assert code == 1
    assert "✗ takeaway.orders@order_completed.v1 renames data.total: it looks like total_price now" in said
    assert "breaks analytics (data.total.amount)" in said
    assert "promotions (data.total.amount)" in said
    assert "takeaway.payments" not in said
    edit(repository, COMPLETED, '"total_price"', '"total"')
    edit(repository, COMPLETED.replace("orders", "payments"), '"total"', '"total_price"')
    code, said = takeaway("HEAD")
    assert code == 1
    assert "✗ takeaway.payments@order_completed.v1 renames data.total" in said
    assert "breaks console" not in said
    assert "breaks nobody in this repository" in said


def test_the_command_tells_programs_the_same(takeaway: Run, repository: Path) -> None:
    without_amount(repository)
    code, said = takeaway("--json")
    assert code == 1
    told = json.loads(said)
    assert told["breaking"] is True
    assert told["base"]["why"] == "the last commit"
    [finding] = [each for each in told["findings"] if each["readers"]]
    assert (finding["event"], finding["path"], finding["breaks"]) == (
        "takeaway.orders@order_completed.v1",
        "data.total.amount",
        "consumers",
    )
    assert {(each["consumer"], each["file"]) for each in finding["readers"]} >= {("promotions", PROMOTIONS)}
    json.loads(takeaway("HEAD", "--json")[1])


def test_what_a_context_reads_and_no_event_has_is_told_without_a_subcommand(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "REPOSITORY", repository)
    right = CliRunner().invoke(app, ["contracts"])
    assert right.exit_code == 0
    assert "✓ Contracts: analytics, console, promotions can read what is published" in right.output
    edit(repository, PROMOTIONS, "    total: Total\n", "    total: Total\n    delivered_by: Text\n")
    edit(repository, "contexts/analytics/consumed_events.py", "    reason: str", "    reason: int")
    edit(repository, "contexts/console/consumed_events.py", "    restaurant_id: NotRequired[str]", "    name: str")
    wrong = CliRunner().invoke(app, ["contracts", "check"])
    assert wrong.exit_code == 1
    assert "✗ promotions reads data.delivered_by; order_completed.v1 has none" in wrong.output
    assert "✗ analytics reads data.reason as integer; order_rejected.v1 has string" in wrong.output
    assert wrong.output.count("✗ console reads data.name; order_") == 8
    assert "Traceback" not in wrong.output
    told = json.loads(CliRunner().invoke(app, ["contracts", "check", "--json"]).stdout)
    assert {each["event"] for each in told["disagreements"] if each["consumer"] == "promotions"} == {
        "takeaway.orders@order_completed.v1"
    }


def test_an_unknown_revision_is_misuse(takeaway: Run) -> None:
    with pytest.raises(UsageError, match="There is no revision nope"):
        takeaway("nope")
