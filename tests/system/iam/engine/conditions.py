"""What policies ask of a call and MiniStack does not tell them, so that it refuses what AWS allows.

Which machine a task token is of, which source an event has, who sends an e-mail. And nothing leaves this machine: all
is encrypted enough for a policy that wants TLS.
"""

import json
from collections.abc import Callable
from contextvars import ContextVar
from email.utils import parseaddr
from typing import Any

from ministack.core import iam_actions, iam_evaluator  # type: ignore[import-not-found]
from ministack_launcher import put_around  # type: ignore[import-not-found]
from tasks import machines_of_tokens  # type: ignore[import-not-found]

UNKNOWN = "*"  # what MiniStack takes a call to be about when it can't tell


def are_told() -> None:
    put_around(iam_actions, "extract_resource_arn", _resource)
    put_around(iam_actions, "request_tag_context", _keys)
    iam_evaluator._request_origin = ContextVar("origin", default=("127.0.0.1", True))
    put_around(iam_evaluator, "pin_request_origin", lambda *_: None)


def _resource(extract: Callable[..., str], service: str, *request: Any) -> str:
    found = extract(service, *request)
    _method, _path, _headers, body, query, region, account = request
    if found != UNKNOWN:
        return found
    if service == "states" and b'"taskToken"' in body:
        return machines_of_tokens.get(json.loads(body)["taskToken"], found)
    if service == "ses" and (sender := _sender(query)):
        return f"arn:aws:ses:{region}:{account}:identity/{sender}"
    return found


def _keys(tags: Callable[..., dict[str, Any]], service: str, action: str, body: bytes, query: Any) -> dict[str, Any]:
    keys = tags(service, action, body, query)
    if action == "events:PutEvents":
        sources = {entry.get("Source", "") for entry in json.loads(body)["Entries"]}
        keys["events:source"] = ",".join(sorted(sources))  # several together are none that a policy names
    if action == "ses:SendEmail":
        keys["ses:FromAddress"] = _sender(query)
    return keys


def _sender(query: Any) -> str:
    source = query.get("Source", "")
    return parseaddr(source[0] if isinstance(source, list) else source)[1]
