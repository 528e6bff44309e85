"""The acts of the demo, a file each. `play` tells the act, and returns a sentence for each thing that went wrong."""
