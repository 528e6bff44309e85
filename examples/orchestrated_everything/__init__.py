"""Orders as the conductor of everybody: one workflow calls each step, and after each step each neighbour."""
