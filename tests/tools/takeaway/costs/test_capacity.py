"""Quotas are compared with the needs of orders, counted on the templates; the first to break comes first."""

import json
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from takeaway.check.templates.resolved import Deployed
from takeaway.study.commands import capacity as command
from takeaway.study.commands import cost
from takeaway.study.costs.assumptions import Assumptions, assumptions
from takeaway.study.costs.bill import counted, in_production
from takeaway.study.costs.capacity import Load, breaking, demands, loads, reduced, settings
from takeaway.study.costs.counting.tally import Counted
from takeaway.study.costs.figure_file import InvalidFile
from takeaway.study.costs.quotas import QUOTAS, quotas
from takeaway.study.docs.plans import rounded
from takeaway.wiring import Wiring
from tests.tools.takeaway.costs.conftest import LUNCH


def count(system: Wiring) -> Counted:
    return counted(in_production(system), LUNCH, assumptions())


def of(found: Counted, system: Wiring = Wiring.HYBRID, **assumed: str) -> dict[str, Load]:
    read = loads(found, in_production(system), assumptions().but(assumed, {}), quotas())
    names = {id(quota): name for name, quota in quotas().quotas.items()}
    return {names[id(load.quota)]: load for load in read}


def test_every_quota_of_the_file_is_measured_and_none_is_zero(hybrid: Counted, durable: Counted) -> None:
    found, in_code = of(hybrid), of(durable, Wiring.DURABLE)
    assert {*found, *in_code} == quotas().quotas.keys()
    assert all(load.demand > 0 and load.limit > 0 for load in (*found.values(), *in_code.values()))
    assert {load.quota.service for name, load in found.items() if name not in in_code} == {"Step Functions"}
    only_in_code = {name for name in in_code if name not in found}
    assert only_in_code == {"durable_starts", "checkpoints", "durable_callbacks", "open_durable_executions"}


def test_an_order_in_code_begins_one_execution_and_people_wake_it_up_twice(durable: Counted) -> None:
    calls = durable.ways["completed"].tally.calls
    assert (calls["Lambda:Invoke"], calls["Lambda:SendDurableExecutionCallbackSuccess"]) == (1, 2)
    found = of(durable, Wiring.DURABLE)
    assert found["durable_starts"].breaks_at == 300
    longer = of(durable, Wiring.DURABLE, minutes_per_order="72")["open_durable_executions"]
    assert found["open_durable_executions"].breaks_at == 2 * longer.breaks_at


def test_what_breaks_first_comes_first_and_is_what_an_account_in_the_sandbox_knows(hybrid: Counted) -> None:
    found = of(hybrid)
    breaks = [load.breaks_at for load in found.values()]
    assert breaks == sorted(breaks)
    assert next(iter(found.values())).quota.service == "SES"


def test_a_new_account_breaks_first_where_aws_says_that_it_has_less(hybrid: Counted) -> None:
    found = of(hybrid)
    assert [name for name in found if found[name] in reduced(list(found.values()))] == [
        "emails_per_day", "emails_per_second", "state_transitions", "concurrency",
    ]  # fmt: skip
    less = {load.quota.measure: load.new_limit for load in reduced(list(found.values()))}
    assert list(less.items()) == [
        ("emails_per_day", 200), ("emails", 1), ("running_functions", 10), ("state_transitions", None),
    ]  # fmt: skip
    concurrency = found["concurrency"]
    assert concurrency.new_breaks_at == concurrency.breaks_at / 100
    assert found["start_execution"].new_breaks_at == found["start_execution"].breaks_at == 300


def test_what_a_new_account_has_is_from_pages_of_aws_and_a_number_that_they_lack_from_who_has_seen_it() -> None:
    for quota in quotas().quotas.values():
        assert str(quota.source).startswith("https://docs.aws.amazon.com/")
        if new := quota.new_account:
            assert str(new.source).startswith("https://docs.aws.amazon.com/")
            assert ("publishes no number" in new.says) == (new.value is None or new.number_from is not None)


def test_a_new_account_is_told_apart_on_the_command_line(
    hybrid: Counted, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def counted_before(_: Deployed, order: Mapping[str, Any], __: Assumptions) -> Counted:
        assert order == LUNCH
        return hybrid

    monkeypatch.setattr(cost, "counted", counted_before)
    command.capacity()
    new, _, documented = capsys.readouterr().out.partition("In a new account")[2].partition("With the quotas that AWS")
    assert "10, later 1,000" in new
    assert "fewer, later 5,000" in new
    assert "source: https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html" in documented
    command.capacity(as_json=True)
    read = {each["says"]: each["new_account"] for each in json.loads(capsys.readouterr().out)}
    assert read["functions that run at once"]["allowed"] == 10
    assert read["state transitions a second, standard workflows"]["allowed"] is None
    assert read["open executions"].keys() == {"allowed", "breaks_at"}


def test_a_completed_order_starts_one_execution_so_the_quota_breaks_at_its_own_rate(hybrid: Counted) -> None:
    load = of(hybrid)["start_execution"]
    assert load.breaks_at == 300
    assert (load.used(150), load.used(600)) == (Decimal("0.5"), 2)


def test_each_quota_that_breaks_is_told_before_one_rate_and_one_at_the_very_rate_before_the_next(
    hybrid: Counted,
) -> None:
    read = list(of(hybrid).values())
    told = list(breaking(read, (300, 1_000, 100_000)))
    assert [(before, rate) for before, rate, _ in told] == [(0, 300), (300, 1_000), (1_000, 100_000)]
    assert [load for _, _, broken in told for load in broken] == read
    assert 300 in {load.breaks_at for load in told[1][2]}


def test_open_executions_are_those_that_are_started_while_one_lives(hybrid: Counted) -> None:
    assert demands(hybrid, assumptions().but({"minutes_per_order": "10"}, {}))["open_executions"] == 600
    slower, quicker = (of(hybrid, minutes_per_order=minutes)["open_executions"] for minutes in ("60", "30"))
    assert quicker.breaks_at == 2 * slower.breaks_at


def test_every_delivery_of_an_event_counts_once_for_each_target(hybrid: Counted) -> None:
    per_order = hybrid.ways["completed"].tally.calls
    assert per_order["EventBridge:PutEvents"] == 5
    # five events to analytics, and the last one to promotions; there is no console in production
    assert per_order["EventBridge:delivery"] == 6


def test_limits_of_ours_are_those_of_the_templates() -> None:
    ours = settings(in_production())
    lake = {"compaction_timeout": 900, "lake_memory": 3008, "lake_disk": 4096}
    assert ours == {"api_rate": 200, "voucher_consumers": 5, **lake}


def test_a_day_that_is_compacted_is_held_against_its_functions_disk_and_a_report_against_all_that_is_kept(
    hybrid: Counted,
) -> None:
    assumed = assumptions().but({"compaction_disk_per_event": "1048576"}, {})  # a megabyte
    needs = demands(hybrid, assumed)
    in_an_hour = needs["compaction_seconds"] * assumed["compacted_events_per_second"]
    assert needs["compaction_disk"] == pytest.approx(24 * in_an_hour)
    year, two = (of(hybrid, months_kept=months) for months in ("12", "24"))
    assert year["report_disk"].breaks_at == 2 * two["report_disk"].breaks_at
    assert year["compaction_disk"].breaks_at == two["compaction_disk"].breaks_at


def test_where_no_workflow_is_no_quota_of_workflows_is_touched() -> None:
    found = of(count(Wiring.CHOREOGRAPHED), Wiring.CHOREOGRAPHED)
    assert {load.quota.service for load in found.values()} >= {"SES", "API Gateway", "EventBridge"}
    assert not [name for name, load in found.items() if load.quota.service == "Step Functions"]


def test_where_one_workflow_does_everything_its_quota_breaks_earlier(hybrid: Counted) -> None:
    everything = of(count(Wiring.ORCHESTRATED), Wiring.ORCHESTRATED)
    assert everything["state_transitions"].breaks_at < of(hybrid)["state_transitions"].breaks_at


@pytest.mark.parametrize(
    ("before", "after", "problem"),
    [
        ("value = 300\n", "", "quotas.start_execution: .*either a value or a setting"),
        (
            "value = 300\n",
            'value = 300\nsetting = "api_rate"\n',
            "quotas.start_execution: .*either a value or a setting",
        ),
        ("value = 1\n", "value = 15\n", "quotas.emails_per_second: .*of a new account less than the value"),
        ("value = 10\n", "value = 0\n", "quotas.concurrency.new_account.value: .*greater than 0"),
        ("date = 2026-11-29\nvalue = 1\n", "value = 1\n", "quotas.emails_per_second.new_account.date: Field required"),
        ("value = 300\n", "value = 0\n", r"quotas.start_execution.value: .*greater than 0"),
        ("value = 300\n", "amount = 300\n", r"quotas.start_execution.amount: .*not permitted"),
        ("value = 300\n", "value = = 300\n", "quotas.toml: "),
    ],
)
def test_a_file_that_makes_no_sense_is_refused_by_its_field(
    tmp_path: Path, before: str, after: str, problem: str
) -> None:
    changed = tmp_path / "quotas.toml"
    changed.write_text(QUOTAS.read_text(encoding="utf-8").replace(before, after, 1), encoding="utf-8")
    with pytest.raises(InvalidFile, match=problem):
        quotas(changed)


@pytest.mark.parametrize(
    ("amount", "shown"),
    [("0", "0"), ("0.00063", "0.00063"), ("0.0969", "0.097"), ("3.96", "4.0"), ("24.9", "25"), ("627.5", "630"),
     ("56311.55", "56,000"), ("9.96", "10"), ("99.6", "100")],
)  # fmt: skip
def test_pages_have_two_digits_that_count(amount: str, shown: str) -> None:
    assert rounded(Decimal(amount)) == shown
