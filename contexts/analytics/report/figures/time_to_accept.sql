-- Median and 95th percentile in tenths of a second, interpolated between two waits. Both waits are in one tenth, or they
-- are the last of a bin and the first of a later one, which are known exactly.
WITH bins AS (
    SELECT restaurant_id, value, sum(number) AS number, min(value * 50 + least) AS least, max(value * 50 + most) AS most
    FROM facts WHERE figure = 'waits' GROUP BY GROUPING SETS ((value), (restaurant_id, value))
), ranked AS (
    SELECT *, sum(number) OVER (PARTITION BY restaurant_id ORDER BY value) AS upto,
        sum(number) OVER (PARTITION BY restaurant_id) AS total
    FROM bins
), wanted AS (
    SELECT restaurant_id, value, least, most, upto - number AS since, upto, twentieths,
        (total - 1) * twentieths % 20 AS share, ((total - 1) * twentieths - (total - 1) * twentieths % 20) / 20 AS place
    FROM ranked CROSS JOIN (VALUES (10), (19)) AS quantiles(twentieths)
), sides AS (
    SELECT restaurant_id, twentieths, max(share) AS share,
        max(CASE WHEN since <= place AND place < upto THEN value END) AS lower,
        max(CASE WHEN since <= place AND place < upto THEN most END) AS lower_most,
        max(CASE WHEN since <= place + 1 AND place + 1 < upto THEN value END) AS upper,
        max(CASE WHEN since <= place + 1 AND place + 1 < upto THEN least END) AS upper_least
    FROM wanted GROUP BY restaurant_id, twentieths
), tenths AS (
    SELECT restaurant_id, twentieths,
        CASE WHEN share = 0 OR floor((lower + 1) / 2e0) = floor((upper + 1) / 2e0) THEN floor((lower + 1) / 2e0)
            ELSE floor((lower_most * 20 + share * (upper_least - lower_most) + 1000) / 2e3) END AS tenth
    FROM sides
)
SELECT restaurant_id, max(CASE WHEN twentieths = 10 THEN tenth END) / 1e1 AS p50,
    max(CASE WHEN twentieths = 19 THEN tenth END) / 1e1 AS p95
FROM tenths GROUP BY restaurant_id ORDER BY 1
