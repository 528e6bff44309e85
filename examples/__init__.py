"""Orders for the demo, and two other wirings of the orders context, which show what the rule of thumb prevents."""
