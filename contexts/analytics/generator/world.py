"""The parameters of the generated world: restaurants, hungry hours, and how often things go wrong."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Restaurant:
    """A restaurant.

    `share` is its part of the orders relative to the others', `answers_in` the median in seconds, `rejects` a
    probability, `dish` a usual price in minor units.
    """

    id: str
    currency: str
    share: float
    answers_in: float
    rejects: float
    dish: int


# Busy and quiet, quick and slow restaurants; two are overrun (slow) and one is picky (rejects many).
RESTAURANTS = (
    Restaurant("trattoria-roma", "EUR", 10.0, 95, 0.02, 1150),
    Restaurant("sakura-tei", "JPY", 8.0, 60, 0.01, 1250),
    Restaurant("dilli-darbar", "INR", 9.0, 140, 0.04, 28000),
    Restaurant("el-faro", "MXN", 7.0, 110, 0.03, 9800),
    Restaurant("bait-al-diwan", "KWD", 4.0, 170, 0.03, 2100),
    Restaurant("varenychna-lviv", "UAH", 5.0, 130, 0.05, 14200),
    Restaurant("pizzeria-vesuvio", "EUR", 8.5, 310, 0.06, 1020),
    Restaurant("chez-amelie", "EUR", 3.0, 200, 0.16, 1950),
    Restaurant("taverna-ilios", "EUR", 4.0, 125, 0.03, 1280),
    Restaurant("the-golden-cod", "GBP", 6.0, 85, 0.02, 1090),
    Restaurant("bombay-corner", "GBP", 4.5, 390, 0.05, 1240),
    Restaurant("bubbas-smokehouse", "USD", 6.5, 150, 0.04, 1675),
    Restaurant("green-fork", "USD", 3.5, 70, 0.01, 1325),
    Restaurant("dragon-palace", "USD", 5.0, 105, 0.03, 1450),
)

# Relative number of orders per hour of the day, in UTC: lunch, and a longer dinner.
WORKDAY = (1, 0.5, 0.2, 0.1, 0.1, 0.2, 0.6, 1.2, 1.6, 2, 4, 9, 13, 9, 4, 3, 4, 8, 15, 18, 13, 7, 4, 2)
WEEKEND = (3, 2, 1, 0.5, 0.2, 0.2, 0.4, 0.8, 1.5, 3, 5, 8, 11, 11, 8, 6, 6, 10, 17, 21, 18, 12, 8, 5)
WEEK = (0.80, 0.82, 0.88, 0.98, 1.32, 1.38, 1.12)  # Monday to Sunday
BUSY = 12  # an hour with more orders than this is a rush, in which kitchens answer later
RUSH = 1.35

CANCELLED, TIMED_OUT, FAILED = 0.022, 0.006, 0.0015
EXPIRES_AFTER, LATEST = 600_000, 7_200_000  # milliseconds: as an order's deadlines are in production
PIECES = (0.14, 0.27, 0.24, 0.16, 0.09, 0.05, 0.03, 0.02)  # one dish, two, three …
REASONS = ("Kitchen is closing", "Out of an ingredient", "Too many orders right now", "Too far away", "No driver")
REASON_SHARES = (0.21, 0.34, 0.28, 0.1, 0.07)
