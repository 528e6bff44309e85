"""The HTTP API of orders, as customers and restaurants call it."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

from takeaway.errors import FieldError, Refused, TakeawayError
from takeaway.waiting import waiting_for

TIMEOUT_SECONDS = 30
PATIENCE_SECONDS = 10  # for all retries of one call together
MEANS_LATER = (409, 429, 503)


@dataclass(frozen=True)
class OrdersApi:
    """A client of the orders API. `url` ends with API Gateway's stage, because requests go to `<url>/orders…`.

    Every call raises Refused for an answer that is not 2xx, and TakeawayError when the API can't be reached. Where
    the API answers 409, 429 or 503 with `Retry-After`, the call is made again for up to 10 seconds.
    """

    url: str
    through_proxy: bool = False
    look: str = "takeaway status"  # the command that an error message recommends
    _client: list[httpx.Client] = field(default_factory=list, repr=False, compare=False)

    def place(self, order: object, *, token: str, idempotency_key: str) -> str:
        """Place an order, and return its id.

        Idempotent: the same key with the same order gives the same id, so a lost answer is asked for again.
        """
        return self.place_raw(order, token=token, idempotency_key=idempotency_key).json()["order_id"]  # type: ignore[no-any-return]

    def place_raw(self, order: object, *, token: str, idempotency_key: str) -> httpx.Response:
        """Place an order, and return the whole answer: tests and the demo look at its headers."""
        return self._call("POST", "", token, json=order, headers={"Idempotency-Key": idempotency_key})

    def order(self, order_id: str, *, token: str) -> dict[str, Any]:
        return _order(self._call("GET", f"/{order_id}", token))

    def list(self, *, token: str) -> dict[str, Any]:
        """Return the first page of the caller's own orders, as the API shows it."""
        return _order(self._call("GET", "", token))

    def act(self, call: str, order_id: str, *, token: str, reason: str | None = None) -> dict[str, Any]:
        """Accept, reject, cancel or complete an order, and return it; `reason` is for a rejection."""
        body = None if reason is None else {"reason": reason}
        return _order(self._call("POST", f"/{order_id}/{call}", token, json=body))

    def request(self, method: str, path: str, **arguments: Any) -> httpx.Response:
        """Make any call once and return its answer, whatever the status; `path` begins after ".../orders"."""
        try:
            return self._http().request(method, f"{self.url}/orders{path}", **arguments)
        except httpx.HTTPError as error:
            raise TakeawayError(f"The API at {self.url} does not answer ({error}): see `{self.look}`.") from error

    def _call(
        self, method: str, path: str, token: str, *, json: object = None, headers: Mapping[str, str] | None = None
    ) -> httpx.Response:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            authorized = {"Authorization": f"Bearer {token}", **(headers or {})}
            answer = self.request(method, path, json=json, headers=authorized)
            if answer.is_success:
                return answer
            wait = _told_to_wait(answer)
            if wait is None or time.monotonic() + wait > deadline:
                raise _refused(answer)
            with waiting_for(f"waiting to try again, as the API asked for ({answer.status_code})"):
                time.sleep(wait)

    def _http(self) -> httpx.Client:
        if not self._client:
            self._client.append(httpx.Client(timeout=TIMEOUT_SECONDS, trust_env=self.through_proxy))
        return self._client[0]


def _told_to_wait(answer: httpx.Response) -> float | None:
    seconds = answer.headers.get("Retry-After", "")
    return float(seconds) if answer.status_code in MEANS_LATER and seconds.isdecimal() else None


def _order(answer: httpx.Response) -> dict[str, Any]:
    return answer.json()  # type: ignore[no-any-return]


def _refused(answer: httpx.Response) -> Refused:
    """Read the refusal from problem+json, or from API Gateway's own JSON if it refused before the function ran."""
    try:
        problem = answer.json()
    except ValueError:
        problem = {}
    if not isinstance(problem, dict):
        problem = {}
    return Refused(
        answer.status_code,
        str(problem.get("title") or problem.get("message") or answer.reason_phrase),
        str(problem.get("detail", "")),
        [FieldError(str(each["field"]), str(each["message"])) for each in problem.get("errors", [])],
    )
