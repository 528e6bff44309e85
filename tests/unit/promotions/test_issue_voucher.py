"""One voucher and one e-mail per order, whatever is delivered twice and wherever it crashes."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from contexts.promotions.application.issue_voucher import Issued, IssueVoucher
from contexts.promotions.application.ports import MailNotSent, Recipient
from contexts.promotions.domain.money import Money
from contexts.promotions.domain.policy import Limits, NoVoucher, VoucherPolicy
from contexts.promotions.domain.voucher import CompletedOrder, Voucher
from tests.fakes.vouchers import CountedCodes, Crash, FakeMail, FakeVouchers, SetClock

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
ORDER = CompletedOrder("order-1", "customer-1", Money(2150, "EUR"), completed_at=NOON)
GIULIA = Recipient("Giulia", "giulia@example.com")
POLICY = VoucherPolicy(percent=10, validity=timedelta(days=90), limits={"EUR": Limits(1500, 1000)})


@pytest.fixture
def vouchers() -> FakeVouchers:
    return FakeVouchers()


@pytest.fixture
def mail() -> FakeMail:
    return FakeMail()


@pytest.fixture
def clock() -> SetClock:
    return SetClock(NOON + timedelta(seconds=5))


@pytest.fixture
def issue(vouchers: FakeVouchers, mail: FakeMail, clock: SetClock) -> IssueVoucher:
    return IssueVoucher(policy=POLICY, vouchers=vouchers, codes=CountedCodes(), mail=mail, clock=clock)


def test_a_completed_order_earns_a_voucher_and_an_email_with_its_code(
    issue: IssueVoucher, vouchers: FakeVouchers, mail: FakeMail, clock: SetClock
) -> None:
    assert issue(ORDER, GIULIA) is Issued.SENT
    voucher = Voucher(
        order_id="order-1",
        customer_id="customer-1",
        code="CODE-0001",
        value=Money(215, "EUR"),
        issued_at=clock.now(),
        expires_at=NOON + timedelta(days=90),
    )
    assert mail.sent == [(voucher, GIULIA)]
    assert vouchers.kept == {"order-1": replace(voucher, emailed_at=clock.now())}


def test_an_order_that_earns_none_gets_no_email_and_an_answer_that_says_why(
    issue: IssueVoucher, vouchers: FakeVouchers, mail: FakeMail
) -> None:
    assert issue(replace(ORDER, total=Money(350, "EUR")), GIULIA) is NoVoucher.BELOW_MINIMUM_BASKET
    assert (vouchers.kept, mail.sent) == ({}, [])


def test_an_event_delivered_again_changes_nothing(
    issue: IssueVoucher, vouchers: FakeVouchers, mail: FakeMail, clock: SetClock
) -> None:
    issue(ORDER, GIULIA)
    before = dict(vouchers.kept)
    clock.advance(timedelta(hours=1))
    assert [issue(ORDER, GIULIA) for _ in range(3)] == [Issued.BEFORE] * 3
    assert vouchers.kept == before
    assert len(mail.sent) == 1


def test_an_email_that_was_not_taken_is_sent_at_the_next_delivery_with_the_same_code(
    issue: IssueVoucher, mail: FakeMail
) -> None:
    mail.refuses = True
    with pytest.raises(MailNotSent):
        issue(ORDER, GIULIA)
    mail.refuses = False
    assert issue(ORDER, GIULIA) is Issued.SENT
    assert [voucher.code for voucher, _ in mail.sent] == ["CODE-0001"]


def test_a_crash_between_sending_and_recording_repeats_the_email_but_never_the_voucher(
    issue: IssueVoucher, vouchers: FakeVouchers, mail: FakeMail
) -> None:
    vouchers.crash_before_recording = True
    with pytest.raises(Crash):
        issue(ORDER, GIULIA)
    vouchers.crash_before_recording = False
    assert issue(ORDER, GIULIA) is Issued.SENT
    assert issue(ORDER, GIULIA) is Issued.BEFORE
    assert [voucher.code for voucher, _ in mail.sent] == ["CODE-0001", "CODE-0001"]


def test_of_two_functions_at_the_same_order_the_first_one_to_write_decides_the_code(
    issue: IssueVoucher, vouchers: FakeVouchers, mail: FakeMail, clock: SetClock
) -> None:
    others = Voucher("order-1", "customer-1", "OTHERS", Money(215, "EUR"), clock.now(), NOON + timedelta(days=90))
    vouchers.added_meanwhile = others
    issue(ORDER, GIULIA)
    assert vouchers.kept["order-1"].code == "OTHERS"
    assert [voucher.code for voucher, _ in mail.sent] == ["OTHERS"]


def test_a_promise_made_under_an_earlier_policy_stands(
    issue: IssueVoucher, vouchers: FakeVouchers, mail: FakeMail
) -> None:
    mail.refuses = True
    with pytest.raises(MailNotSent):
        issue(ORDER, GIULIA)
    mail.refuses = False
    stricter = replace(issue, policy=replace(POLICY, limits={"EUR": Limits(50_000, 1000)}))
    assert stricter(ORDER, GIULIA) is Issued.SENT
    assert mail.sent[0][0].value == Money(215, "EUR")


def test_nobody_is_written_to_about_a_voucher_that_has_expired(
    issue: IssueVoucher, mail: FakeMail, clock: SetClock
) -> None:
    mail.refuses = True
    with pytest.raises(MailNotSent):
        issue(ORDER, GIULIA)
    mail.refuses = False
    clock.advance(timedelta(days=91))
    assert issue(ORDER, GIULIA) is Issued.BEFORE
    assert mail.sent == []


def test_a_replay_after_the_voucher_was_forgotten_earns_no_second_one(
    issue: IssueVoucher, vouchers: FakeVouchers, mail: FakeMail, clock: SetClock
) -> None:
    issue(ORDER, GIULIA)
    clock.advance(timedelta(days=91))
    vouchers.kept.clear()  # what the table's time to live does
    assert issue(ORDER, GIULIA) is NoVoucher.TOO_LATE
    assert len(mail.sent) == 1


def test_a_recipient_shows_in_no_log() -> None:
    assert "iulia" not in repr(GIULIA)
