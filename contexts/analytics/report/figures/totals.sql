SELECT CAST(coalesce(sum(number), 0) AS BIGINT) AS events, min(first_at) AS first_event_at, max(last_at) AS last_event_at
FROM facts WHERE figure = 'events'
