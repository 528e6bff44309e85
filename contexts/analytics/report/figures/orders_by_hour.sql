-- Monday is 1. Days are counted from 2001-01-01, which was a Monday.
SELECT (date_diff('day', DATE '2001-01-01', CAST(quarter AS DATE)) % 7 + 7) % 7 + 1 AS weekday, hour(quarter) AS hour,
    CAST(sum(number) AS BIGINT) AS orders
FROM facts WHERE figure = 'placed' GROUP BY 1, 2 ORDER BY 1, 2
