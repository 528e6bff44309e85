"""One folder per bounded context. No context imports another: they share schemas and events, not code."""
