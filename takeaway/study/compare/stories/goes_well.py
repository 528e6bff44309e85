"""Play orders that go well, one after the other and alone, and measure how long people wait and what is used."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from statistics import median

from takeaway.check.templates.stack import ALARM, EVENT_RULE, QUEUE, Stack
from takeaway.check.templates.workflow import workflows
from takeaway.errors import TakeawayError
from takeaway.run.client.durable import DurableWorkflow
from takeaway.run.client.people import People
from takeaway.study.compare.contender import CONFIRMED, PATIENCE_SECONDS, TOLD, Contender, wait_until
from takeaway.study.compare.findings import Found, Told, dollars, milliseconds, number
from takeaway.study.compare.living import live, settle
from takeaway.study.compare.usage import Usage, usage_since
from takeaway.study.costs.month import months_of_history
from takeaway.study.costs.prices import priced, prices, total
from takeaway.study.costs.units import DURABLE, GIGABYTE, Units

MILLION = 1_000_000
WAITS = ("placed → restaurant told", "accepted → customer told", "delivered → completed")
Waits = tuple[float, ...]  # seconds from a person's call until the resulting change is recorded
API_CALLS = 3  # place, accept, complete
POLICY = "AWS::IAM::Policy"
INVOKES, LAST = "arn:aws:states:::lambda:invoke", "Complete order"
HOPS_OF_A_MESSAGE = 3  # to the bus, from there to a queue, from there to a function
MESSAGE_REQUESTS = 3  # a message is sent, received and deleted


def goes_well(contender: Contender, orders: int) -> Told:
    settle(contender, live(contender).order_id)  # warms the functions up
    start = datetime.now(UTC)
    waits, ids = [], []
    for _ in range(orders):
        order_id, each = _one(contender)
        settle(contender, order_id)
        ids.append(order_id)
        waits.append(each)
    used = _used(contender, ids, usage_since(contender, start))
    return Told({**_timed(waits), **parts(contender.stacks), **used})


def _one(contender: Contender) -> tuple[str, Waits]:
    people = People(contender.system)
    asked = datetime.now(UTC)
    order_id = people.place()

    def until(change: str, since: datetime) -> float:
        if not contender.comes(order_id, change):
            raise TakeawayError(
                f"The {contender.wiring} system: {change} was not recorded within {PATIENCE_SECONDS} s."
            )
        return (contender.system.kept(order_id).changes[change] - since).total_seconds()

    def acted(call: str, change: str) -> float:
        # A decision that comes before the workflow waits leads it through one state more, so orders would differ.
        wait_until(lambda: contender.awaits_people(order_id), seconds=PATIENCE_SECONDS)
        since = datetime.now(UTC)
        people.act(call, order_id)
        return until(change, since)

    told = until(TOLD, asked)
    return order_id, (told, acted("accept", CONFIRMED), acted("complete", "order_completed"))


def _timed(waits: Sequence[Waits]) -> Found:
    columns = zip(*((*each, sum(each)) for each in waits), strict=True)
    return {
        f"{name}, median of {len(waits)}": milliseconds(median(seconds))
        for name, seconds in zip((*WAITS, "all three"), columns, strict=True)
    }


def parts(stacks: Mapping[str, Stack]) -> Found:
    """Count the parts in the template of orders. Neighbours' parts are the same in every system."""
    orders = stacks["orders"]
    return {
        "functions in the template of orders": number(sum(each.is_own_code for each in orders.functions.values())),
        "rules in it": number(len(orders.of(EVENT_RULE))),
        "queues in it, dead-letter queues among them": number(len(orders.of(QUEUE))),
        "policies of roles in it": number(len(orders.of(POLICY))),
        "alarms in it": number(len(orders.of(ALARM))),
        "states of a definition in it": number(sum(len(each.definition["States"]) for each in workflows(orders))),
    }


def _used(contender: Contender, ids: Sequence[str], usage: Usage) -> Found:
    orders = len(ids)
    workflow = contender.system.workflow if contender.system.has_workflow else None
    histories = [[step.name for step in workflow.steps(id_) if not step.is_end] for id_ in ids if workflow]
    transitions = 0 if contender.in_code else sum(map(len, histories))
    functions = contender.stacks["orders"].functions.values()
    months = max(months_of_history(function.properties) for function in functions)
    durable = [workflow.used(id_) for id_ in ids] if isinstance(workflow, DurableWorkflow) else []
    events = sum(contender.crossed(id_, "event") for id_ in ids)
    calls = sum(usage.invocations.values())
    own = sum(count for name, count in usage.invocations.items() if name.startswith("orders-"))
    units = Units(
        state_transitions=Decimal(transitions),
        durable_operations=Decimal(sum(each.operations for each in durable)),
        durable_gigabytes=Decimal(sum(each.bytes for each in durable)) / GIGABYTE,
        durable_gb_months=Decimal(sum(each.bytes for each in durable)) / GIGABYTE * months,
        function_requests=Decimal(calls),
        function_gb_seconds=Decimal(str(round(usage.gigabyte_seconds, 6))),
        api_requests=Decimal(API_CALLS * orders),
        events_published=Decimal(events),
        queue_requests=Decimal(MESSAGE_REQUESTS * _messages(contender, usage) if events else 0),
        emails=Decimal(sum(len(contender.system.mails.naming(id_)) for id_ in ids)),
    )
    bill = priced(units * (Decimal(MILLION) / orders), prices())
    return {
        "hops from placed to completed": number(_hops(contender, ids, histories, usage)),
        "calls of functions of orders, per order": number(own / orders),
        "… with those of the neighbours": number(calls / orders),
        "state transitions per order": number(transitions / orders),
        "durable operations per order": number(sum(each.operations for each in durable) / orders),
        "events on the bus per order": number(events / orders),
        "a million orders cost": dollars(float(total(bill))),
        "of it Step Functions": dollars(float(total(bill, "Step Functions"))),
        "of it durable operations and their history": dollars(
            float(sum(item.amount for item in bill if item.unit in DURABLE))
        ),
    }


def _hops(contender: Contender, ids: Sequence[str], histories: Sequence[list[str]], usage: Usage) -> float:
    """Return how often one component hands an order to the next, by call, event or message, until it is completed."""
    hops = API_CALLS * len(ids) + HOPS_OF_A_MESSAGE * _messages(contender, usage, "orders")
    if histories:
        states, waits = {} if contender.in_code else contender.definition.states, contender.waits
        until = [name for entered in histories for name in entered[: entered.index(LAST) + 1]]
        hops += len(histories)  # their starts
        hops += sum(name in waits or states.get(name, {}).get("Resource") == INVOKES for name in until)
    return hops / len(ids)


def _messages(contender: Contender, usage: Usage, *contexts: str) -> int:
    """Count messages by the calls of functions that read a queue: equal, because orders run one at a time."""
    return sum(usage.invocations.get(contender.short(each.function), 0) for each in contender.readers(*contexts))
