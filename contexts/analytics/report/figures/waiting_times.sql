SELECT CAST(floor(value / 2e1) AS BIGINT) AS from_seconds, CAST(sum(number) AS BIGINT) AS orders
FROM facts WHERE figure = 'waits' AND value >= 0 GROUP BY 1 ORDER BY 1
