"""The report as data; `model_dump_json()` is its form for programs."""

import datetime as dt

from pydantic import BaseModel


class Revenue(BaseModel):
    """What completed orders brought in one currency, in its minor units; currencies are never added up."""

    currency: str
    amount: int
    orders: int


class Basket(BaseModel):
    """The typical completed order of one currency: amounts in its minor units, and how many dishes it has."""

    currency: str
    mean_amount: float
    median_amount: float
    mean_pieces: float | None


class TimeToAccept(BaseModel):
    """Seconds from an order being placed to its being accepted, in tenths: exact, and no finer."""

    p50: float
    p95: float


class Figures(BaseModel):
    """Of all orders, or of one restaurant's."""

    orders: int = 0
    orders_by_status: dict[str, int] = {}
    # Accepted orders among those that the restaurant accepted, rejected or let expire; null before the first of them.
    acceptance_rate: float | None = None
    time_to_accept_seconds: TimeToAccept | None = None
    revenue: list[Revenue] = []
    baskets: list[Basket] = []


class RestaurantFigures(Figures):
    restaurant_id: str


class FunnelStep(BaseModel):
    """How many orders came at least so far."""

    step: str
    orders: int


class Exit(BaseModel):
    """Orders that ended otherwise than at the customer's door; a restaurant that rejects says why."""

    status: str
    reason: str | None
    orders: int


class WaitingTime(BaseModel):
    """Accepted orders that waited for it so many whole seconds."""

    from_seconds: int
    orders: int


class HourOfWeek(BaseModel):
    """Orders placed in an hour of a weekday, Monday being 1."""

    weekday: int
    hour: int
    orders: int


class DailyRevenue(Revenue):
    """Of the orders that a restaurant completed on that day."""

    day: dt.date
    restaurant_id: str


class Report(Figures):
    """Everything at a glance. Days and hours are those of `timezone`."""

    timezone: str = "UTC"
    events: int = 0
    first_event_at: dt.datetime | None = None
    last_event_at: dt.datetime | None = None
    funnel: list[FunnelStep] = []
    exits: list[Exit] = []
    waiting_times: list[WaitingTime] = []
    orders_by_hour: list[HourOfWeek] = []
    revenue_by_day: list[DailyRevenue] = []
    restaurants: list[RestaurantFigures] = []
    unreadable: list[str] = []  # what of the lake is not in these figures, each with the reason
