"""The only place in this context that speaks to AWS."""
