"""Orders whose workflow is a function: orchestrated within, as in contexts/orders, but in code."""
