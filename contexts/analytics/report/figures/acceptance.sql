-- Orders that were neither accepted, rejected nor expired are left out, because the restaurant has not answered yet.
SELECT restaurant_id,
    CAST(sum(CASE WHEN accepted THEN number ELSE 0 END) AS DOUBLE) / CAST(sum(number) AS DOUBLE) AS acceptance_rate
FROM facts WHERE figure = 'orders' AND (accepted OR status IN ('REJECTED', 'EXPIRED'))
GROUP BY GROUPING SETS ((), (restaurant_id)) HAVING sum(number) > 0 ORDER BY 1
