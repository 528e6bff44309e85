"""The acts of the demo, each in a file. Each tells and returns what of it did not happen, as sentences."""
