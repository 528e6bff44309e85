"""Play one order in all wirings at once, so that they can be watched side by side."""
