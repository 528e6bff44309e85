"""The template of orders: a stack that wires, constructs that build."""
