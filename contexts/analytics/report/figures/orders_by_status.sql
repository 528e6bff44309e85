-- Here and in the next files restaurant_id NULL is the line for all restaurants together.
SELECT restaurant_id, status, CAST(sum(number) AS BIGINT) AS orders
FROM facts WHERE figure = 'orders' GROUP BY GROUPING SETS ((status), (restaurant_id, status)) ORDER BY 1, 2
