"""The parts of the OpenAPI document that types don't tell: the problems that a call may answer with."""

from http import HTTPStatus
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

EVERYWHERE = (HTTPStatus.UNAUTHORIZED, HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.INTERNAL_SERVER_ERROR,
              HTTPStatus.SERVICE_UNAVAILABLE)  # fmt: skip


class FieldError(BaseModel):
    field: str = Field(examples=["items.0.quantity"])
    message: str


class Problem(BaseModel):
    """RFC 9457 problem details."""

    model_config = ConfigDict(extra="allow")

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    errors: list[FieldError] | None = Field(default=None, description="Every field that is wrong")
    order_status: str | None = Field(default=None, description="409: the order as it stands")
    decision: str | None = Field(default=None, description="409: the decision that stands")
    completion: str | None = Field(default=None, description="409: the completion that stands")


def answers(model: type[BaseModel], *problems: int, success: int = HTTPStatus.OK) -> dict[int, Any]:
    """Return the `responses` of a route: its success, its own problems, and those that every route may have."""
    described: dict[int, Any] = {
        int(success): {
            "description": HTTPStatus(success).phrase,
            "content": {"application/json": {"model": model}},
        }
    }
    for status in sorted({*problems, *EVERYWHERE}):
        described[int(status)] = {
            "description": HTTPStatus(status).phrase,
            "content": {"application/problem+json": {"model": Problem}},
        }
    return described
