-- The median is the basket in the middle, or the mean of the two in the middle.
WITH bins AS (
    SELECT restaurant_id, currency, value, sum(number) AS number, sum(pieces) AS pieces,
        sum(with_pieces) AS with_pieces
    FROM facts WHERE figure = 'baskets' GROUP BY GROUPING SETS ((currency, value), (restaurant_id, currency, value))
), ranked AS (
    SELECT *, sum(number) OVER (PARTITION BY restaurant_id, currency ORDER BY value) AS upto,
        sum(number) OVER (PARTITION BY restaurant_id, currency) AS total
    FROM bins
)
SELECT restaurant_id, currency,
    CAST(sum(CAST(value AS DECIMAL(19, 0)) * CAST(number AS DECIMAL(19, 0))) AS DOUBLE) / CAST(sum(number) AS DOUBLE) AS mean_amount,
    (CAST(max(CASE WHEN 2 * (upto - number) <= total - 1 AND total - 1 < 2 * upto THEN value END) AS DOUBLE)
        + CAST(max(CASE WHEN 2 * (upto - number) <= total AND total < 2 * upto THEN value END) AS DOUBLE)) / 2e0
        AS median_amount,
    CAST(sum(pieces) AS DOUBLE) / CAST(nullif(sum(with_pieces), 0) AS DOUBLE) AS mean_pieces
FROM ranked GROUP BY restaurant_id, currency ORDER BY 1, 2
