SELECT restaurant_id, currency, CAST(sum(amount) AS DECIMAL(38, 0)) AS amount, CAST(sum(number) AS BIGINT) AS orders
FROM facts WHERE figure = 'revenue' GROUP BY GROUPING SETS ((currency), (restaurant_id, currency)) ORDER BY 1, 2
