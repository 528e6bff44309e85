"""Orders: the context that takes an order from placing to its end, and the only one that orchestrates."""
