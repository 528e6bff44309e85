-- Merges the parts of each order. Athena can run this, too.
SELECT
    restaurant_id,
    CASE step WHEN 1 THEN 'PLACED' WHEN 2 THEN 'ACCEPTED' WHEN 3 THEN 'COMPLETED' WHEN 4 THEN 'REJECTED'
        WHEN 5 THEN 'EXPIRED' WHEN 6 THEN 'CANCELLED' WHEN 7 THEN 'TIMED_OUT' WHEN 8 THEN 'FAILED' END AS status,
    notified,
    -- Stays true after acceptance, however the order ended.
    accepted_at IS NOT NULL OR step = 3 AS accepted,
    placed_at, accepted_at, completed_at, amount, currency, pieces, reason
FROM (
    SELECT
        order_id, min(restaurant_id) AS restaurant_id, max(step) AS step, bool_or(notified) AS notified,
        min(placed_at) AS placed_at, min(accepted_at) AS accepted_at, min(completed_at) AS completed_at,
        min(amount) AS amount, min(currency) AS currency, min(pieces) AS pieces, min(reason) AS reason
    FROM parts GROUP BY order_id HAVING max(step) > 0
) AS whole
