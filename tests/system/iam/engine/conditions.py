"""What policies ask of a call and MiniStack does not tell them, so that it refuses what AWS allows.

Which machine a task token is of, which source an event has, who sends an e-mail and through what. And nothing
leaves this machine: all is encrypted enough for a policy that wants TLS.
"""

import json
from collections.abc import Callable
from contextvars import ContextVar
from email.utils import parseaddr
from typing import Any

from ministack.core import iam_actions, iam_evaluator  # type: ignore[import-not-found]
from ministack_launcher import put_around  # type: ignore[import-not-found]
from tasks import machines_of_tokens  # type: ignore[import-not-found]

THROUGH = "the configuration set"  # no key that a policy could name
UNKNOWN = "*"  # what MiniStack takes a call to be about when it can't tell


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
        keys["events:source"] = ",".join(sorted(sources))  # several together are none that a policy names
    if action == "ses:SendEmail":
        keys["ses:FromAddress"] = _sender(query)
        keys[THROUGH] = _first(query.get("ConfigurationSetName", ""))
    return keys


def _through_what_as_well(enforce: Callable[..., Any], *call: Any, resource_arn: str = UNKNOWN, **options: Any) -> Any:
    """A mail needs leave for the sender's identity and for the configuration set, as SES asks on AWS."""
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
