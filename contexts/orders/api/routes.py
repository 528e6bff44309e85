"""The routes of the API. Each reads the request, runs one command and shows the order as it then is."""

from http import HTTPStatus
from typing import Annotated, TypeVar

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Body, Header, Query
from aws_lambda_powertools.event_handler.router import APIGatewayRouter

from contexts.orders.api.bodies import fingerprint
from contexts.orders.api.contact import customer_of
from contexts.orders.api.cursors import cursor_of, position_of
from contexts.orders.api.documentation import answers
from contexts.orders.api.models import OrderBody, RejectBody
from contexts.orders.api.problems import Refused
from contexts.orders.api.views import OrderList, OrderView, Receipt, summary_view, view
from contexts.orders.application import commands
from contexts.orders.application.ports import Ports
from contexts.orders.domain.identity import Identity, Role
from contexts.orders.domain.lifecycle import Status
from contexts.orders.domain.order import Order
from contexts.orders.domain.refusals import Forbidden, Refusal
from contexts.orders.observability import logger

Granted = TypeVar("Granted")
MAX_PAGE = 100
DECISION = answers(OrderView, 400, 403, 404, 409, 415)
router = APIGatewayRouter()  # type: ignore[no-untyped-call]
IdempotencyKey = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=255,
        description="Chosen by the client, new for each order: the same key and body are the same order",
    ),
]


@router.post(
    "/orders",
    operation_id="place_order",  # the callers' word; the workflow's step of that name comes later
    summary="Place an order",
    responses=answers(Receipt, 400, 403, 415, 422, success=202),
)
def submit_order(order: Annotated[OrderBody, Body()], idempotency_key: IdempotencyKey) -> Response[Receipt]:
    """Accept an order for processing: the restaurant is notified and decides.

    The same request again gets the same answer. The token must have an e-mail address that its issuer has verified,
    because mails about the order go there.
    """
    identity, ports = _caller(), _ports()
    if identity.role is not Role.CUSTOMER:
        raise Refused(Forbidden("place an order", identity.role))
    draft = order.draft(
        customer=_granted(customer_of(identity)),
        idempotency_key=idempotency_key,
        received_at=ports.clock.now(),
    )
    logger().set_correlation_id(draft.order_id)
    placed = _granted(
        commands.submit_order(
            draft,
            ports,
            fingerprint=fingerprint(router.current_event.json_body),
        )
    )
    receipt = Receipt(order_id=placed.order_id)
    return Response(HTTPStatus.ACCEPTED, "application/json", receipt, {"Location": _location(placed)})


@router.get("/orders", summary="List your orders", responses=answers(OrderList, 400))
def list_orders(
    status: Annotated[Status | None, Query(description="Only orders of this status")] = None,
    limit: Annotated[int, Query(ge=1, le=MAX_PAGE)] = 20,
    cursor: Annotated[str | None, Query(max_length=500, description="next_cursor of the page before")] = None,
) -> OrderList:
    """List the caller's own orders, newest first. An order of the last moment may not be listed yet."""
    page = commands.list_orders(_caller(), _ports(), status=status, limit=limit, after=position_of(cursor))
    return OrderList(orders=[summary_view(order) for order in page.orders], next_cursor=cursor_of(page.after))


@router.get("/orders/<order_id>", summary="See an order", responses=answers(OrderView, 404))
def get_order(order_id: str) -> OrderView:
    return _shown(_granted(commands.view_order(order_id, _caller(), _ports())))


@router.post("/orders/<order_id>/accept", summary="Accept an order", responses=DECISION)
def accept_order(order_id: str) -> OrderView:
    return _answered(commands.accept(order_id, _caller(), _ports()))


@router.post(
    "/orders/<order_id>/reject", summary="Reject an order", responses=answers(OrderView, 400, 403, 404, 409, 415, 422)
)
def reject_order(order_id: str, rejection: Annotated[RejectBody, Body()]) -> OrderView:
    return _answered(commands.reject(order_id, _caller(), _ports(), reason=rejection.reason))


@router.post("/orders/<order_id>/cancel", summary="Cancel an order", responses=DECISION)
def cancel_order(order_id: str) -> OrderView:
    """Cancel the order, as its customer, until the restaurant has accepted."""
    return _answered(commands.cancel(order_id, _caller(), _ports()))


@router.post("/orders/<order_id>/complete", summary="Complete an order", responses=DECISION)
def complete_order(order_id: str) -> OrderView:
    """Tell, as its restaurant, that the order is delivered."""
    return _answered(commands.complete(order_id, _caller(), _ports()))


def _granted(answer: Granted | Refusal) -> Granted:
    if isinstance(answer, Refusal):
        raise Refused(answer)
    return answer


def _answered(answered: commands.Answer | Refusal) -> OrderView:
    answer = _granted(answered)
    if answer.callback_lost:
        logger().warning("the decision is recorded, its callback was lost: the workflow acts at its next timeout")
    return _shown(answer.order)


def _shown(order: Order) -> OrderView:
    logger().set_correlation_id(order.order_id)
    return view(order, _caller())


def _location(order: Order) -> str:
    """Return where the order is, relative to the URL that was called.

    So it is right below a stage, on a custom domain and below its base path.
    """
    called = str(router.current_event["requestContext"].get("path"))
    return order.order_id if called.endswith("/") else f"orders/{order.order_id}"


def _caller() -> Identity:
    caller: Identity = router.context["caller"]
    return caller


def _ports() -> Ports:
    ports: Ports = router.context["ports"]
    return ports
