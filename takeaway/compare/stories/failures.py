"""What goes wrong: nobody answers, a mail can't be sent, a neighbour is down. What was taken away is given back."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from takeaway.client.redrive import redrive
from takeaway.compare.findings import Found, counted, named, number, yes
from takeaway.compare.inspection import TOLD, depth, item_of, live_queues, moves, url_of, wait_until
from takeaway.compare.living import PATIENCE_SECONDS, live, settle
from takeaway.compare.people import People
from takeaway.compare.trio import ACCEPT_TIMEOUT, Contender

REDELIVERY_SECONDS = "1"  # instead of minutes
PROMOTIONS = "promotions-issue-voucher"


def never_answers(contender: Contender, _: int) -> Found:
    people = People(contender.system)
    order_id = people.place()
    wait_until(lambda: TOLD in item_of(contender, order_id).changes, seconds=PATIENCE_SECONDS)
    wait_until(lambda: not item_of(contender, order_id).is_open, seconds=2 * ACCEPT_TIMEOUT)
    settle(contender, order_id)
    item = item_of(contender, order_id)
    running = contender.system.has_workflow and contender.system.workflow.status(order_id) == "RUNNING"
    return {
        "status after the deadline": named([item.status]),
        "changes of the order": named(list(item.changes)),
        "mails to the customer": number(len(contender.system.mails.naming(order_id))),
        "anything that could still end it": yes(running or moves(contender, order_id)),
        "open, and nothing will end it": yes(item.is_open and not running and not moves(contender, order_id)),
    }


def mail_fails(contender: Contender, _: int) -> Found:
    """SES refuses the sender, for good."""
    _redelivered_soon(contender)
    before = dead_letters(contender)
    with _without_sender(contender):
        life = live(contender)
        settle(contender, life.order_id)
        order_id = life.order_id or ""
        item = item_of(contender, order_id)
        letters = {name: count - before[name] for name, count in dead_letters(contender).items()}
        has_history = contender.system.has_workflow
        steps = [step.name for step in contender.system.workflow.steps(order_id)] if has_history else []
    return {
        "status in the end": named([item.status]),
        "the order says that the customer was told": yes("user_notified:accepted" in item.changes),
        "dead letters": counted(letters),
        "steps of the history that tell of it": named([name for name in steps if "Skip" in name]),
    }


def promotions_down(contender: Contender, _: int) -> Found:
    """Its function can't run while an order is completed; then it can again, and its dead letters go back."""
    _redelivered_soon(contender)
    with _no_call_of(contender, PROMOTIONS):
        life = live(contender)
        order_id = life.order_id or ""
        settle(contender, order_id, paused=[name for name in live_queues(contender) if "-promotions-" in name])
        item, early = item_of(contender, order_id), _has_voucher(contender, order_id)
        execution = contender.system.workflow.status(order_id) if contender.system.has_workflow else ""
    settle(contender, order_id)
    by_itself = wait_until(lambda: _has_voucher(contender, order_id), seconds=3)
    redriven = 0 if by_itself else redrive(contender.system.subscription("promotions"), lambda _: None)
    late = wait_until(lambda: _has_voucher(contender, order_id), seconds=PATIENCE_SECONDS if redriven else 0)
    return {
        "status of the order meanwhile": named([item.status]),
        "its execution": named([execution] if execution else [], "there is none"),
        "voucher while promotions is down": yes(early),
        "messages that were given back to it": number(redriven),
        "voucher afterwards": named(["late" if late else "lost"]),
    }


def dead_letters(contender: Contender) -> Counter[str]:
    """How many wait in each dead-letter queue of orders, by the queue's name behind the stage."""
    stack = contender.stacks["orders"]
    names = {
        properties["QueueName"] for logical, properties in stack.of("AWS::SQS::Queue").items()
        if not stack.dead_letters_of(logical)
    }  # fmt: skip
    return Counter({name.removeprefix(f"{contender.target.prefix}-"): depth(contender, name) for name in sorted(names)})


def _has_voucher(contender: Contender, order_id: str) -> bool:
    return contender.system.vouchers.of_order(order_id) is not None


def _redelivered_soon(contender: Contender) -> None:
    """Functions are warm by now: none takes as long."""
    for queue in live_queues(contender):
        contender.target.client("sqs").set_queue_attributes(
            QueueUrl=url_of(contender, queue), Attributes={"VisibilityTimeout": REDELIVERY_SECONDS}
        )


@contextmanager
def _without_sender(contender: Contender) -> Iterator[None]:
    sender, ses = f"orders@{contender.target.stage}.example.com", contender.target.client("ses")
    ses.delete_identity(Identity=sender)
    try:
        yield
    finally:
        ses.verify_email_identity(EmailAddress=sender)


@contextmanager
def _no_call_of(contender: Contender, function: str) -> Iterator[None]:
    name, functions = f"{contender.target.prefix}-{function}", contender.target.client("lambda")
    functions.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=0)
    try:
        yield
    finally:
        functions.delete_function_concurrency(FunctionName=name)
