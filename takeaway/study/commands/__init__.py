"""Commands that compare, count and reckon."""
