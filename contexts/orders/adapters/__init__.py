"""The adapters of orders: the only modules of this context that call AWS."""
