SELECT CAST(coalesce(sum(number), 0) AS BIGINT) AS placed,
    CAST(coalesce(sum(CASE WHEN notified OR accepted THEN number END), 0) AS BIGINT) AS notified,
    CAST(coalesce(sum(CASE WHEN accepted THEN number END), 0) AS BIGINT) AS accepted,
    CAST(coalesce(sum(CASE WHEN status = 'COMPLETED' THEN number END), 0) AS BIGINT) AS completed
FROM facts WHERE figure = 'orders'
