-- Turns orders into facts that can be added up: counts, sums, and histograms. Athena can run this, too.
-- Times are kept by quarters of an hour, because days and hours of every timezone begin at one. Waits are kept by
-- twentieths of a second, because the tenths that the report shows and the seconds that it draws begin at one.
SELECT 'orders' AS figure, restaurant_id, CAST(NULL AS VARCHAR) AS currency, status,
    CASE WHEN status NOT IN ('PLACED', 'ACCEPTED', 'COMPLETED') THEN trim(reason) END AS reason,
    notified, accepted, CAST(NULL AS TIMESTAMP) AS quarter, CAST(NULL AS BIGINT) AS value, count(*) AS number,
    CAST(NULL AS DECIMAL(38, 0)) AS amount, CAST(NULL AS DECIMAL(38, 0)) AS pieces, CAST(NULL AS BIGINT) AS with_pieces,
    CAST(NULL AS BIGINT) AS least, CAST(NULL AS BIGINT) AS most,
    CAST(NULL AS TIMESTAMP) AS first_at, CAST(NULL AS TIMESTAMP) AS last_at
FROM orders GROUP BY 2, 4, 5, 6, 7
UNION ALL
SELECT 'waits', restaurant_id, NULL, NULL, NULL, NULL, NULL, NULL, twentieth, count(*),
    NULL, NULL, NULL, min(waited - 50 * twentieth), max(waited - 50 * twentieth), NULL, NULL
FROM (
    SELECT restaurant_id, waited, CAST(floor(waited / 5e1) AS BIGINT) AS twentieth
    FROM (SELECT restaurant_id, date_diff('millisecond', placed_at, accepted_at) AS waited FROM orders) AS waits
    WHERE waited IS NOT NULL
) AS waits GROUP BY 2, 9
UNION ALL
SELECT 'placed', NULL, NULL, NULL, NULL, NULL, NULL,
    date_trunc('minute', placed_at) - (minute(placed_at) % 15) * INTERVAL '1' MINUTE, NULL, count(*),
    NULL, NULL, NULL, NULL, NULL, NULL, NULL
FROM orders WHERE placed_at IS NOT NULL GROUP BY 8
UNION ALL
SELECT 'revenue', restaurant_id, currency, NULL, NULL, NULL, NULL,
    date_trunc('minute', completed_at) - (minute(completed_at) % 15) * INTERVAL '1' MINUTE, NULL, count(*),
    CAST(sum(amount) AS DECIMAL(38, 0)), NULL, NULL, NULL, NULL, NULL, NULL
FROM orders WHERE status = 'COMPLETED' AND amount IS NOT NULL GROUP BY 2, 3, 8
UNION ALL
SELECT 'baskets', restaurant_id, currency, NULL, NULL, NULL, NULL, NULL, CAST(amount AS BIGINT), count(*),
    NULL, CAST(sum(pieces) AS DECIMAL(38, 0)), count(pieces), NULL, NULL, NULL, NULL
FROM orders WHERE status = 'COMPLETED' AND amount IS NOT NULL GROUP BY 2, 3, 9
