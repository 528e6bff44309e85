"""The function that CloudFormation calls: it always answers, and empties the lake only when its stack is deleted."""

import http.server
import io
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from contexts.analytics import bootstrap, observability
from contexts.analytics.folder_lake import FolderLake
from contexts.analytics.handlers import empty_lake as function
from contexts.analytics.ports import LakeUnavailable
from tests.fakes.lambda_context import FakeLambdaContext

Answers = list[dict[str, Any]]


@pytest.fixture(autouse=True)
def lake(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> FolderLake:
    lake = FolderLake(tmp_path / "lake")
    for name in ("raw/event_type=order_placed/date=2026-11-23/a.ndjson.gz", "new/x", "reports/report.json", "other"):
        lake.put(name, b"something")
    monkeypatch.setattr(bootstrap, "lake", lambda: lake)
    return lake


@pytest.fixture
def cloudformation() -> Iterator[tuple[str, Answers]]:
    """Return the URL at which CloudFormation waits for answers, and the answers that have come."""
    answers: Answers = []

    class Waiting(http.server.BaseHTTPRequestHandler):
        def do_PUT(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            answers.append(json.loads(body) | {"type": self.headers["Content-Type"]})
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    server = http.server.HTTPServer(("127.0.0.1", 0), Waiting)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))  # seconds between two checks whether to end
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/answer?signature=x", answers
    server.shutdown()
    thread.join()
    server.server_close()


def call(request: str, url: str) -> None:
    event = {
        "RequestType": request,
        "ResponseURL": url,
        "StackId": "the-stack",
        "RequestId": "the-request",
        "LogicalResourceId": "Emptying",
        "ResourceProperties": {},
    }
    function.handler(event, FakeLambdaContext())


def test_a_lake_whose_stack_is_deleted_is_emptied(lake: FolderLake, cloudformation: tuple[str, Answers]) -> None:
    url, answers = cloudformation
    call("Delete", url)
    assert lake.names("") == []
    assert answers == [
        {
            "Status": "SUCCESS",
            "Reason": "",
            "PhysicalResourceId": "Emptying",
            "StackId": "the-stack",
            "RequestId": "the-request",
            "LogicalResourceId": "Emptying",
            "type": "",
        }
    ]


@pytest.mark.parametrize("request_type", ["Create", "Update"])
def test_a_lake_whose_stack_is_made_or_changed_keeps_what_it_has(
    lake: FolderLake, cloudformation: tuple[str, Answers], request_type: str
) -> None:
    url, answers = cloudformation
    before = lake.names("")
    call(request_type, url)
    assert lake.names("") == before
    assert [answer["Status"] for answer in answers] == ["SUCCESS"]


def test_cloudformation_is_told_why_a_lake_could_not_be_emptied(
    monkeypatch: pytest.MonkeyPatch, cloudformation: tuple[str, Answers]
) -> None:
    class Unavailable(FolderLake):
        def names(self, prefix: str, *, most: int | None = None) -> list[str]:
            raise LakeUnavailable("AccessDenied")

    monkeypatch.setattr(bootstrap, "lake", lambda: Unavailable(Path("nowhere")))
    monkeypatch.setattr(observability.logger().registered_handler, "stream", io.StringIO())
    url, answers = cloudformation
    call("Delete", url)
    assert answers[0]["Status"] == "FAILED"
    assert answers[0]["Reason"].startswith("LakeUnavailable: AccessDenied")


def test_a_lake_that_is_filled_while_it_is_emptied_is_empty_in_the_end(
    lake: FolderLake, monkeypatch: pytest.MonkeyPatch, cloudformation: tuple[str, Answers]
) -> None:
    class Late(FolderLake):
        def delete(self, names: Any) -> None:
            super().delete(names)
            if late:
                self.put(late.pop(), b"")

    late = ["raw/late"]
    monkeypatch.setattr(bootstrap, "lake", lambda: Late(lake.folder))
    call("Delete", cloudformation[0])
    assert (late, lake.names("")) == ([], [])
