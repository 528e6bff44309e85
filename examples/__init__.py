"""Orders for the demo, and two other wirings of the orders context: what the rule of thumb saves one from."""
