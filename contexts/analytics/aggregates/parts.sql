-- Turns events (each once) into one row per order, which may be only a part of the order's life.
SELECT
    order_id,
    min(restaurant_id) AS restaurant_id,
    max(step) AS step,
    bool_or(step = 0) AS notified,
    min(occurred_at) FILTER (step = 1) AS placed_at,
    min(occurred_at) FILTER (step = 2) AS accepted_at,
    min(occurred_at) FILTER (step = 3) AS completed_at,
    min(amount)::DECIMAL(38, 0) AS amount,
    min(currency) AS currency,
    min(pieces)::DECIMAL(38, 0) AS pieces,
    min(reason) AS reason
FROM events JOIN (
    -- How far each change brings an order; the maximum counts, because events arrive in any order.
    VALUES ('order_placed', 1), ('restaurant_notified', 0), ('order_accepted', 2), ('order_completed', 3),
        ('order_rejected', 4), ('order_expired', 5), ('order_cancelled', 6), ('order_timed_out', 7), ('order_failed', 8)
) AS changes(event_type, step) USING (event_type)
GROUP BY order_id
