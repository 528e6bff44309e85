"""The use cases of promotions, in terms of its domain and of ports, which adapters implement."""
