"""Condition keys of policies that MiniStack does not fill in, so that it would refuse calls that AWS allows.

They are: the machine of a task token, the source of an event, and the sender and configuration set of an e-mail.
Transport counts as encrypted, because nothing leaves this machine.
"""

import json
from collections.abc import Callable
from contextvars import ContextVar
from email.utils import parseaddr
from typing import Any

from ministack.core import iam_actions, iam_evaluator  # type: ignore[import-not-found]
from tasks import machines_of_tokens  # type: ignore[import-not-found]

from takeaway.run.engine.mending import put_around

THROUGH = "the configuration set"  # a key of ours, which no policy names
UNKNOWN = "*"  # MiniStack's resource for a call that it can't assign to one


def are_told() -> None:
    put_around(iam_actions, "extract_resource_arn", _resource)
    put_around(iam_actions, "request_tag_context", _keys)
    put_around(iam_evaluator, "enforce", _through_what_as_well)
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
        keys["events:source"] = ",".join(sorted(sources))  # several sources in one call match no policy
    if action == "ses:SendEmail":
        keys["ses:FromAddress"] = _sender(query)
        keys[THROUGH] = _first(query.get("ConfigurationSetName", ""))
    return keys


def _through_what_as_well(enforce: Callable[..., Any], *call: Any, resource_arn: str = UNKNOWN, **options: Any) -> Any:
    """Check a mail against the sender's identity and the configuration set, both of which SES asks for on AWS."""
    keys = dict(options.pop("service_context", None) or {})
    through = keys.pop(THROUGH, "")
    arns = [resource_arn, f"{resource_arn.rpartition(':')[0]}:configuration-set/{through}"][: 2 if through else 1]
    for arn in arns:
        if denied := enforce(*call, resource_arn=arn, service_context=keys, **options):
            return denied
    return None


def _sender(query: Any) -> str:
    return parseaddr(_first(query.get("Source", "")))[1]


def _first(value: str | list[str]) -> str:
    return value[0] if isinstance(value, list) else value
