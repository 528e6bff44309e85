-- Reasons are free text, so only the ten commonest have a line of their own, and the others share one.
WITH counted AS (
    SELECT status, reason AS said, sum(number) AS often
    FROM facts WHERE figure = 'orders' AND status NOT IN ('PLACED', 'ACCEPTED', 'COMPLETED') GROUP BY status, reason
), ranked AS (
    SELECT *, row_number() OVER (PARTITION BY status ORDER BY often DESC, said) AS place FROM counted
)
SELECT status, CASE WHEN place <= 10 THEN said ELSE 'other reasons' END AS reason, CAST(sum(often) AS BIGINT) AS orders
FROM ranked GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2
