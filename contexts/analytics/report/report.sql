-- From the lines of the raw zone (table `lines`) to the figures of the report.

-- Delivery is at least once, so a line may be there more than once: the event's id says so.
CREATE TEMP TABLE events AS
SELECT DISTINCT ON (event_id) * FROM lines ORDER BY event_id;

-- The order's status after each change, and how far along that is: events arrive in any order.
CREATE TEMP TABLE changes AS
FROM (VALUES
    ('order_placed', 'PLACED', 1),
    ('order_accepted', 'ACCEPTED', 2),
    ('order_completed', 'COMPLETED', 3),
    ('order_rejected', 'REJECTED', 3),
    ('order_expired', 'EXPIRED', 3),
    ('order_cancelled', 'CANCELLED', 3),
    ('order_timed_out', 'TIMED_OUT', 3),
    ('order_failed', 'FAILED', 3)
) AS changes(event_type, status, step);

CREATE TEMP TABLE orders AS
SELECT
    order_id,
    min(restaurant_id) AS restaurant_id,
    arg_max(status, step) AS status,
    min(occurred_at) FILTER (event_type = 'order_placed') AS placed_at,
    min(occurred_at) FILTER (event_type = 'order_accepted') AS accepted_at,
    any_value(total) FILTER (event_type = 'order_completed') AS total
FROM events JOIN changes USING (event_type)
GROUP BY order_id;

CREATE TEMP VIEW totals AS
SELECT count(*) AS events, min(occurred_at) AS first_event_at, max(occurred_at) AS last_event_at FROM events;

-- In each of these, restaurant_id NULL is the line for all restaurants together.
CREATE TEMP VIEW orders_by_status AS
SELECT restaurant_id, status, count(*) AS orders
FROM orders GROUP BY GROUPING SETS ((status), (restaurant_id, status)) ORDER BY ALL;

-- Whoever accepted did so, however the order ended; whoever neither accepted, rejected nor let expire has not answered.
CREATE TEMP VIEW answers AS
SELECT
    restaurant_id,
    count(*) FILTER (accepted) / nullif(count(*), 0) AS acceptance_rate,
    round(quantile_cont(seconds, 0.5), 3) AS p50,
    round(quantile_cont(seconds, 0.95), 3) AS p95
FROM (
    SELECT
        restaurant_id,
        accepted_at IS NOT NULL OR status = 'COMPLETED' AS accepted,
        (epoch_ms(accepted_at) - epoch_ms(placed_at)) / 1000 AS seconds
    FROM orders
    WHERE accepted OR status IN ('REJECTED', 'EXPIRED')
)
GROUP BY GROUPING SETS ((), (restaurant_id));

CREATE TEMP VIEW revenue AS
SELECT restaurant_id, total.currency AS currency, sum(total.amount) AS amount, count(*) AS orders
FROM orders WHERE status = 'COMPLETED' AND total IS NOT NULL
GROUP BY GROUPING SETS ((currency), (restaurant_id, currency)) ORDER BY ALL;
