"""The output of the commands on dead letters, for people and for programs."""

import json
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from click.testing import Result
from typer.testing import CliRunner

from takeaway.main import app
from takeaway.run.cli.options import Options
from takeaway.run.client.subscription import Subscription
from tests.fakes.operating import QueuesThatCanNotMove
from tests.tools.takeaway.operating.conftest import bodies, given, put

Takeaway = Callable[..., Result]
EVENT = json.dumps({"source": "takeaway.orders", "padding": "x" * 200, "customer": "anna@example.com"})


@pytest.fixture
def takeaway(subscription: Subscription, monkeypatch: pytest.MonkeyPatch) -> Takeaway:
    engine = QueuesThatCanNotMove(subscription.queue.client)
    listening = given(subscription, service="sqs", client=engine)
    system = SimpleNamespace(subscription=lambda name: listening)
    monkeypatch.setattr(Options, "system", lambda self: system)

    def run(*arguments: str) -> Result:
        done = CliRunner().invoke(app, arguments)
        assert done.exit_code == 0, done.exception
        return done

    return run


def test_people_see_the_beginning_of_a_body_and_all_of_it_when_they_ask(
    takeaway: Takeaway, subscription: Subscription
) -> None:
    put(subscription.dead_letters, EVENT, ERROR_CODE="NO_PERMISSIONS")
    short, full = takeaway("dlq", "loyalty").stdout, takeaway("dlq", "loyalty", "--full").stdout
    assert "could not deliver it: NO_PERMISSIONS" in short
    assert "takeaway.orders" in short
    assert "anna@example.com" not in short
    assert EVENT in full


def test_a_body_is_shown_as_it_is(takeaway: Takeaway, subscription: Subscription) -> None:
    put(subscription.dead_letters, "[bold]not ours[/]")
    assert "[bold]not ours[/]" in takeaway("dlq", "loyalty").stdout


def test_programs_get_all_of_it(takeaway: Takeaway, subscription: Subscription) -> None:
    (id_,) = put(subscription.dead_letters, EVENT)
    (letter,) = json.loads(takeaway("dlq", "loyalty", "--json").stdout)
    assert (letter["message_id"], letter["body"], letter["received"]) == (id_, EVENT, 1)
    assert letter.keys() == {"message_id", "reason", "sent_at", "received", "body"}
    assert json.loads(takeaway("redrive", "loyalty", "--json").stdout) == {"context": "loyalty", "moved": 1, "left": 0}


def test_more_than_were_looked_at_is_told(takeaway: Takeaway, subscription: Subscription) -> None:
    put(subscription.dead_letters, "one", "two", "three")
    assert "2 messages of about 3: --limit shows more" in takeaway("dlq", "loyalty", "--limit", "2").stderr


def test_what_somebody_else_holds_is_told(takeaway: Takeaway, subscription: Subscription) -> None:
    put(subscription.dead_letters, "one")
    with subscription.dead_letters.held() as held:
        next(held.batches())
        for command in ("dlq", "redrive"):
            told = takeaway(command, "loyalty").stderr
            assert "No dead letters of loyalty" in told
            assert "1 message more can't be seen" in told


def test_a_redrive_says_what_it_will_do_and_what_it_did(takeaway: Takeaway, subscription: Subscription) -> None:
    put(subscription.dead_letters, "one", "two")
    done = takeaway("redrive", "loyalty")
    assert "about 2 messages from loyalty-dlq back to loyalty" in done.stderr
    assert done.stdout == "2 messages moved\n"
    assert bodies(subscription.queue) == ["one", "two"]
    again = takeaway("redrive", "loyalty")
    assert (again.stdout, "nothing to redrive" in again.stderr) == ("", True)
