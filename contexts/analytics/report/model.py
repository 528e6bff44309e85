"""The report as data; `model_dump_json()` is its form for programs."""

import datetime as dt

from pydantic import BaseModel


class Revenue(BaseModel):
    """The revenue of completed orders in one currency, in its minor units. Currencies are never added up."""

    currency: str
    amount: int
    orders: int


class Basket(BaseModel):
    """The typical completed order of one currency: amounts in minor units, and the number of dishes."""

    currency: str
    mean_amount: float
    median_amount: float
    mean_pieces: float | None


class TimeToAccept(BaseModel):
    """Seconds from an order's placing to its acceptance, exact to a tenth."""

    p50: float
    p95: float


class Figures(BaseModel):
    """The figures of all orders, or of one restaurant's."""

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
    """The number of orders that came at least this far."""

    step: str
    orders: int


class Exit(BaseModel):
    """Orders that ended without being delivered; a rejection has the restaurant's reason."""

    status: str
    reason: str | None
    orders: int


class WaitingTime(BaseModel):
    """The number of accepted orders that waited this many whole seconds for it."""

    from_seconds: int
    orders: int


class HourOfWeek(BaseModel):
    """Orders placed in an hour of a weekday, Monday being 1."""

    weekday: int
    hour: int
    orders: int


class DailyRevenue(Revenue):
    """The revenue of the orders that a restaurant completed on that day."""

    day: dt.date
    restaurant_id: str


class Report(Figures):
    """All figures. Days and hours are those of `timezone`."""

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
    unreadable: list[str] = []  # objects that are not in these figures, each with the reason
