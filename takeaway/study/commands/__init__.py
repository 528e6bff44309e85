"""The commands compare, race, cost and capacity."""
