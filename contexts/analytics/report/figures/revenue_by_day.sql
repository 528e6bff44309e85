SELECT CAST(quarter AS DATE) AS day, restaurant_id, currency, CAST(sum(amount) AS DECIMAL(38, 0)) AS amount,
    CAST(sum(number) AS BIGINT) AS orders
FROM facts WHERE figure = 'revenue' GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
