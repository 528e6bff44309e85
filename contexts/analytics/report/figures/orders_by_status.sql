-- In all figures by restaurant, the row with restaurant_id NULL is for all restaurants together.
SELECT restaurant_id, status, CAST(sum(number) AS BIGINT) AS orders
FROM facts WHERE figure = 'orders' GROUP BY GROUPING SETS ((status), (restaurant_id, status)) ORDER BY 1, 2
