"""The HTTP API of orders: its routes, the JSON of requests and answers, and the HTTP status of each error."""
