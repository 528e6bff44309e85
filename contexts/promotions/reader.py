"""The operator's view of promotions: the vouchers that were issued, read from the table itself."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Literal

from contexts.promotions.adapters import order_item
from contexts.promotions.domain.voucher import NoVoucher
from shared.reading import Connect, Output, Trace

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

OF_A_CUSTOMER = "the customer's id, vouchers, a count of orders"  # `takeaway forget` tells that these stay
REACTS_TO = "order_completed"
BY_CUSTOMER = "by_customer"
ORDERS_OF_A_LOOK = 1000


@dataclass(frozen=True)
class Voucher:
    """A voucher as operators see it.

    `amount` is in minor units. `loyalty_order` is the order's number among its customer's, if the voucher is for
    loyalty.
    """

    order_id: str
    customer_id: str
    code: str
    amount: int
    currency: str
    issued_at: datetime
    expires_at: datetime
    emailed_at: datetime | None
    loyalty_order: int | None = None


@dataclass(frozen=True)
class VouchersReader:
    """Reads the vouchers table for operators."""

    client: "DynamoDBClient"
    table: str
    keeps: str = "voucher"

    def traces_of(self, order_id: str, days: Collection[date]) -> list[Trace]:
        del days  # a voucher is found by its order's id alone
        voucher = self.of_order(order_id)
        if voucher is None:
            return []
        what = f"issues voucher {voucher.code}"
        return [Trace(voucher.issued_at, what, known_as=voucher.code, heard=REACTS_TO)]

    def of_order(self, order_id: str) -> Voucher | None:
        key = {"order_id": {"S": order_id}}
        found = self.client.get_item(TableName=self.table, Key=key, ConsistentRead=True)
        return next(_vouchers([found["Item"]] if "Item" in found else []), None)

    def all(self) -> list[Voucher]:
        """Return every voucher, newest last.

        Reads the whole table, so it is for a person at an engine of their own, not for millions of orders.
        """
        return _newest_last(self._pages("scan", FilterExpression="attribute_exists(code)"))

    def some(self) -> tuple[list[Voucher], bool]:
        """Return vouchers of the first orders that a scan gives, newest last, and whether these are all."""
        page = self.client.scan(TableName=self.table, Limit=ORDERS_OF_A_LOOK)
        return _newest_last(_vouchers(page["Items"])), "LastEvaluatedKey" not in page

    def of_customer(self, customer_id: str) -> list[Voucher]:
        """Return a customer's vouchers, newest last, from an index that may be a moment behind the table."""
        return list(
            self._pages(
                "query",
                IndexName=BY_CUSTOMER,
                KeyConditionExpression="customer_id = :customer",
                ExpressionAttributeValues={":customer": {"S": customer_id}},
            )
        )

    def _pages(self, operation: Literal["scan", "query"], **arguments: Any) -> Iterator[Voucher]:
        paginator: Any = self.client.get_paginator(operation)
        for page in paginator.paginate(TableName=self.table, **arguments):
            yield from _vouchers(page["Items"])


def _newest_last(vouchers: Iterable[Voucher]) -> list[Voucher]:
    return sorted(vouchers, key=lambda each: each.issued_at)


def _vouchers(items: Collection[Mapping[str, Any]]) -> Iterator[Voucher]:
    """Read the items, leaving out orders that earned no voucher."""
    for earned in map(order_item.from_item, items):
        if not isinstance(earned, NoVoucher):
            yield Voucher(
                order_id=earned.order_id,
                customer_id=earned.customer_id,
                code=earned.code,
                amount=earned.value.amount,
                currency=earned.value.currency,
                issued_at=earned.issued_at,
                expires_at=earned.expires_at,
                emailed_at=earned.emailed_at,
                loyalty_order=earned.loyalty_order,
            )


def reader(connect: Connect, output: Output) -> VouchersReader:
    return VouchersReader(connect("dynamodb"), output("VouchersTable"))
