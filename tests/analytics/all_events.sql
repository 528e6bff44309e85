-- From the events of the lake (view `events`, each event once) to the figures of the report.

-- How far along each change brings an order: events arrive in any order.
CREATE TEMP TABLE changes AS
FROM (VALUES
    ('order_placed', 1),
    ('restaurant_notified', 0),
    ('order_accepted', 2),
    ('order_completed', 3),
    ('order_rejected', 4),
    ('order_expired', 5),
    ('order_cancelled', 6),
    ('order_timed_out', 7),
    ('order_failed', 8)
) AS changes(event_type, step);

CREATE TEMP TABLE statuses AS
FROM (VALUES
    (0, 'PLACED'), (1, 'PLACED'), (2, 'ACCEPTED'), (3, 'COMPLETED'), (4, 'REJECTED'), (5, 'EXPIRED'), (6, 'CANCELLED'),
    (7, 'TIMED_OUT'), (8, 'FAILED')
) AS statuses(step, status);

CREATE TEMP TABLE orders AS
SELECT restaurant_id, status, notified, placed_at, accepted_at, completed_at, amount, currency, pieces, reason
FROM (
    SELECT
        any_value(restaurant_id) AS restaurant_id,
        max(step) AS furthest,
        bool_or(step = 0) AS notified,
        min(occurred_at) FILTER (step = 1) AS placed_at,
        min(occurred_at) FILTER (step = 2) AS accepted_at,
        min(occurred_at) FILTER (step = 3) AS completed_at,
        any_value(amount) AS amount,
        any_value(currency) AS currency,
        any_value(pieces) AS pieces,
        any_value(reason) AS reason
    FROM events JOIN changes USING (event_type)
    GROUP BY order_id
    HAVING max(step) > 0
) JOIN statuses ON statuses.step = furthest;

CREATE TEMP VIEW completed AS FROM orders WHERE status = 'COMPLETED' AND amount IS NOT NULL;

CREATE TEMP VIEW totals AS
SELECT count(*) AS events, min(occurred_at) AS first_event_at, max(occurred_at) AS last_event_at FROM events;

-- In each of these four, restaurant_id NULL is the line for all restaurants together.
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
SELECT restaurant_id, currency, sum(amount) AS amount, count(*) AS orders
FROM completed GROUP BY GROUPING SETS ((currency), (restaurant_id, currency)) ORDER BY ALL;

CREATE TEMP VIEW baskets AS
SELECT restaurant_id, currency, avg(amount) AS mean_amount, quantile_cont(amount, 0.5) AS median_amount,
    avg(pieces) AS mean_pieces
FROM completed GROUP BY GROUPING SETS ((currency), (restaurant_id, currency)) ORDER BY ALL;

CREATE TEMP VIEW funnel AS
SELECT
    count(*) AS placed,
    count(*) FILTER (notified OR accepted) AS notified,
    count(*) FILTER (accepted) AS accepted,
    count(*) FILTER (status = 'COMPLETED') AS completed
FROM (SELECT *, accepted_at IS NOT NULL OR status = 'COMPLETED' AS accepted FROM orders);

-- Restaurants write what they like: the ten commonest reasons, and one line for the others.
CREATE TEMP VIEW exits AS
WITH
    counted AS (
        SELECT status, trim(reason) AS said, count(*) AS often
        FROM orders WHERE status NOT IN ('PLACED', 'ACCEPTED', 'COMPLETED') GROUP BY status, said
    ),
    ranked AS (SELECT *, row_number() OVER (PARTITION BY status ORDER BY often DESC, said) AS place FROM counted)
SELECT status, if(place <= 10, said, 'other reasons') AS reason, sum(often)::BIGINT AS orders
FROM ranked GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2;

CREATE TEMP VIEW waiting_times AS
SELECT (epoch_ms(accepted_at) - epoch_ms(placed_at)) // 1000 AS from_seconds, count(*) AS orders
FROM orders WHERE accepted_at >= placed_at GROUP BY 1 ORDER BY 1;

CREATE TEMP VIEW orders_by_hour AS
SELECT isodow(placed) AS weekday, hour(placed) AS hour, count(*) AS orders
FROM (SELECT local(placed_at) AS placed FROM orders WHERE placed_at IS NOT NULL) GROUP BY ALL ORDER BY ALL;

CREATE TEMP VIEW revenue_by_day AS
SELECT local(completed_at)::DATE AS day, restaurant_id, currency, sum(amount) AS amount, count(*) AS orders
FROM completed GROUP BY ALL ORDER BY ALL;
