"""The client of a deployed system: finds its parts by the stacks' outputs, and calls their public interfaces."""
