"""The HTTP API of orders: what may be asked, how it is answered, and which error becomes which status."""
